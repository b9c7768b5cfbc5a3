import io
import json
import sys
from pathlib import Path

import pytest

from chain import Signer
from chain.contracts import CORE, address_of
from deploy import plan
from deploy import run as deploy_run
from tests.deploy.sites import Site
from tests.earnest.cli.bench import Run

KEY = "0x" + "11" * 32


@pytest.fixture
def funded(site: Site, monkeypatch: pytest.MonkeyPatch) -> Signer:
    """The key in the environment, with money."""
    signer = Signer.from_key(KEY)
    site.node.handle("anvil_setBalance", [signer.address, hex(10**18)])
    monkeypatch.setenv("EARNEST_KEY", KEY)
    return signer


def test_plan_shows_what_is_missing(run: Run, site: Site, url: str) -> None:
    ended = run("deploy", "plan", "--network", "local", "--rpc", url)

    assert ended.code == 0
    assert ended.out == f"{plan(site.chain)}\n"
    assert ended.out.count("missing") == len(CORE)


def test_the_nodes_can_come_from_the_environment(
    run: Run, site: Site, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARNEST_RPC", url)

    assert run("deploy", "plan", "--network", "local").code == 0


def test_run_deploys_verifies_and_records(run: Run, site: Site, url: str, funded: Signer, tmp_path: Path) -> None:
    ended = run("deploy", "run", "--network", "local", "--rpc", url, "--folder", str(tmp_path), "--yes")

    assert ended.code == 0
    assert [line for line in ended.out.splitlines() if line.endswith("verified")] == [
        f"{name} is at {address_of(name)}, verified" for name in CORE
    ]
    record = json.loads((tmp_path / "31337.json").read_text())
    assert {name: deployed["address"] for name, deployed in record["contracts"].items()} == {
        name: address_of(name) for name in CORE
    }
    assert run("deploy", "verify", "--network", "local", "--rpc", url).code == 0
    assert run("deploy", "show", "--folder", str(tmp_path)).out.endswith(f"chain 31337: {', '.join(CORE)}\n")


def test_money_is_spent_only_after_a_yes(
    run: Run, site: Site, url: str, funded: Signer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))

    ended = run("deploy", "run", "--network", "local", "--rpc", url, "--folder", str(tmp_path))

    assert ended.code == 1
    assert funded.address in ended.out
    assert len(plan(site.chain).missing) == len(CORE)


def test_a_key_comes_from_a_keystore_too(
    run: Run, site: Site, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.deployer.save(tmp_path / "key.json", "secret")
    words = ["deploy", "run", "--network", "local", "--rpc", url, "--folder", str(tmp_path), "--yes"]
    monkeypatch.setenv("EARNEST_PASSWORD", "wrong")
    refused = run(*words, "--keystore", str(tmp_path / "key.json"))
    monkeypatch.setenv("EARNEST_PASSWORD", "secret")

    ended = run(*words, "--keystore", str(tmp_path / "key.json"))

    assert (refused.code, refused.err.split(":")[0]) == (1, "WrongPassword")
    assert ended.code == 0
    assert plan(site.chain).missing == ()


def test_without_a_key_nothing_is_asked_of_a_node(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EARNEST_KEY", raising=False)

    ended = run("deploy", "run", "--network", "local", "--rpc", "http://127.0.0.1:1", "--yes")

    assert ended.code == 2
    assert "--keystore" in ended.err


def test_verify_names_the_contract_that_is_missing(run: Run, site: Site, url: str) -> None:
    ended = run("deploy", "verify", "--network", "local", "--rpc", url)

    assert ended.code == 1
    assert ended.err.startswith(f"NotDeployed: {CORE[0]} is not at {address_of(CORE[0])}")


def test_verify_names_the_contract_that_is_another(run: Run, site: Site, url: str) -> None:
    deploy_run(plan(site.chain), site.deployer)
    site.set_code(address_of("HashLock"), b"\x00")

    ended = run("deploy", "verify", "--network", "local", "--rpc", url)

    assert ended.code == 1
    assert ended.err.startswith(f"CodeMismatch: at {address_of('HashLock')} is not HashLock")


def test_a_record_that_can_not_be_read_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text("{")

    ended = run("deploy", "show", "--folder", str(tmp_path))

    assert ended.code == 1
    assert ended.err.startswith(f"RecordUnreadable: {tmp_path / '1.json'}")


def test_show_needs_no_chain(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text("not a record")

    ended = run("deploy", "show", "--folder", str(tmp_path))

    assert [line.split() for line in ended.out.splitlines()] == [[name, address_of(name)] for name in CORE]
