import subprocess
import sys

import pytest

from tests.earnest.cli.bench import Run


def test_our_errors_are_one_clear_line_with_facts_and_exit_code_1(run: Run) -> None:
    ended = run("deploy", "plan", "--network", "local", "--rpc", "http://127.0.0.1:1/secret-key")

    assert ended.code == 1
    assert ended.err.splitlines() == ["NodeUnreachable: 127.0.0.1:1 can't be reached: ConnectionError"]
    assert "secret-key" not in ended.out + ended.err


def test_a_network_that_is_not_known_is_named_with_those_that_are(run: Run) -> None:
    ended = run("deploy", "plan", "--network", "bass", "--rpc", "http://127.0.0.1:1")

    assert ended.code == 1
    assert ended.err.startswith("UnknownNetwork: no network 'bass'")
    assert "'base'" in ended.err


@pytest.mark.parametrize("words", [["pay"], ["deploy"], ["deploy", "plan"], ["demo", "--payments", "0"]])
def test_a_wrong_command_is_explained_and_exit_code_2(run: Run, words: list[str]) -> None:
    ended = run(*words)

    assert ended.code == 2
    assert "Usage: earnest" in ended.out + ended.err


@pytest.mark.parametrize("words", [["--help"], ["demo", "--help"], ["deploy", "run", "--help"], ["doctor", "--help"]])
def test_help_does_not_wait_for_web3(words: list[str]) -> None:
    program = f"""
import sys
sys.argv = ["earnest", *{words!r}]
from earnest.cli import main
try:
    main()
except SystemExit as ending:
    assert not ending.code
print(*sys.modules)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert "Usage: earnest" in ended.stdout
    assert not set(ended.stdout.splitlines()[-1].split()) & {"web3", "eth_abi", "eth_tester", "solcx"}


def test_without_the_extra_the_local_chain_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "eth_tester", None)
    monkeypatch.delitem(sys.modules, "chain.testing.embedded", raising=False)

    ended = run("chain")

    assert (ended.code, ended.err) == (1, "ExtraMissing: eth_tester is missing: install earnest[local]\n")
