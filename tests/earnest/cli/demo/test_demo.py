import re

from tests.earnest.cli.bench import Run


def test_the_demo_tells_its_five_parts_measures_them_and_every_check_holds(run: Run) -> None:
    ended = run("demo", "--payments", "250")

    assert ended.code == 0, ended.out
    assert [line[:1] for line in ended.out.splitlines() if not line.startswith(" ")][:5] == list("12345")
    held, checks = re.findall(r"(\d+) of (\d+) checks hold", ended.out)[0]
    assert held == checks
    assert int(checks) > 30
    assert "WRONG" not in ended.out
    _says_what_it_measured(ended.out)


def _says_what_it_measured(out: str) -> None:
    gas = {line.split(" ->")[0].strip(): line for line in out.splitlines() if line.endswith(" gas")}
    for step in ("direct transfer", "authorize 120", "the service captures 30", "Ann opens it", "the shop closes it"):
        assert re.search(r" [\d,]{6,} gas$", gas[step])
    assert re.search(r"150 more, 50 at a time for each write to disk: [\d,]+ a second", out)
    assert re.search(r"NotExpired, it is (\d+), and", out)
    assert "wrong preimage: the library says 0 USDC, the contract 0 USDC" in out
    assert "right preimage: the library says 120 USDC, the contract 120 USDC" in out
