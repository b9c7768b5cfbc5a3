from importlib import metadata
from pathlib import Path

import pytest

from chain.contracts import CORE, address_of
from deploy import plan
from deploy import run as deploy_run
from earnest.cli.doctor import environment, tools
from earnest.cli.doctor.finding import Finding
from tests.deploy.sites import Site
from tests.earnest.cli.bench import Run


def test_here_all_is_well(run: Run) -> None:
    ended = run("doctor")

    assert ended.code == 0, ended.out
    assert "WRONG" not in ended.out


def test_a_finding_says_what_to_do() -> None:
    assert str(Finding(what="python", says="3.12")).split() == ["ok", "python", "3.12"]
    wrong = Finding(what="python", says="3.10", fix="use another")
    assert str(wrong).split() == ["WRONG", "python", "3.10", "->", "use", "another"]
    assert not wrong.ok
    assert str(Finding(what="node", says="none", fix="install it", needed=False)).startswith("without ")


@pytest.mark.parametrize(
    ("version", "ok"), [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False), ((4, 0), False)]
)
def test_only_pythons_that_have_all_wheels_are_right(version: tuple[int, int], ok: bool) -> None:
    assert environment.python(version).ok is ok


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What this environment seems to have installed; tests change it."""
    found = {"web3", "coincurve", "eth-tester", "py-evm"}

    def version(name: str) -> str:
        if name not in found:
            raise metadata.PackageNotFoundError(name)
        return "1"

    wanted = ["web3<9,>=8.0", "coincurve<22,>=21.0", 'eth-tester<0.15; extra == "local"']
    monkeypatch.setattr(metadata, "version", version)
    monkeypatch.setattr(metadata, "requires", lambda _: wanted)
    return found


def test_a_missing_package_is_named(installed: set[str]) -> None:
    assert environment.packages().ok
    installed.remove("coincurve")

    found = environment.packages()

    assert (found.ok, found.says) == (False, "missing: coincurve")


def test_an_extra_is_missing_only_to_those_who_want_it(installed: set[str]) -> None:
    assert environment.local_chain().ok
    installed.remove("py-evm")

    found = environment.local_chain()

    assert (found.ok, found.needed) == (False, False)


def test_django_channels_beside_ours_is_noticed(installed: set[str]) -> None:
    ours = environment.folder_of("channels")
    assert environment.import_name("channels", ours).ok
    installed.add("channels")

    found = environment.import_name("channels", ours)

    assert found.needed
    assert found.fix
    assert "Django" in found.fix


@pytest.mark.parametrize("folder", [None, Path("/somewhere/escrow")])
def test_another_package_of_our_name_is_noticed(folder: Path | None) -> None:
    found = environment.import_name("escrow", folder)

    assert not found.ok
    assert str(folder or "nothing") in found.says


def test_no_tool_is_needed_to_use_the_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("EARNEST_SOLC", str(tmp_path / "solc"))

    node, compiler, _ = tools.tools()

    assert not compiler.ok
    assert "named: " in compiler.says
    assert not any(found.needed for found in (node, compiler) if not found.ok)


def test_a_tool_that_is_missing_makes_nothing_wrong(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EARNEST_SOLC", str(tmp_path / "solc"))

    ended = run("doctor")

    assert ended.code == 0
    assert "without compiler" in ended.out


def test_a_node_that_is_silent_or_of_another_chain_is_wrong(run: Run, url: str) -> None:
    ended = run("doctor", "--network", "base", "--rpc", "http://127.0.0.1:1", "--rpc", url)

    assert ended.code == 1
    assert "127.0.0.1:1 can't be reached" in ended.out
    assert "serves chain 31337, not 8453" in ended.out


def test_contracts_that_are_missing_or_others_are_wrong(run: Run, site: Site, url: str) -> None:
    words = ("doctor", "--network", "local", "--rpc", url)
    missing = run(*words)
    deploy_run(plan(site.chain), site.deployer)
    there = run(*words)
    site.set_code(address_of("AfterTime"), b"\x00")
    another = run(*words)

    assert (missing.code, there.code, another.code) == (1, 0, 1)
    assert f"{CORE[0]} is not at" in missing.out
    assert "finality    the newest block; nobody but its owner undoes its blocks" in there.out
    assert f"{', '.join(CORE)} are what was compiled" in there.out
    assert f"at {address_of('AfterTime')} is not AfterTime" in another.out


def test_a_network_without_a_node_is_a_wrong_command(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EARNEST_RPC", raising=False)

    assert run("doctor", "--network", "base").code == 2
