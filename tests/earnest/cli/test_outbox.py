import json
import re
from pathlib import Path

import pytest

from chain import Chain, LocalChain, Signer
from tests.earnest.cli.bench import Run


@pytest.fixture
def path(served_chain: tuple[LocalChain, str], tmp_path: Path) -> Path:
    """One payment is done; of another the node wants more money than there is."""
    home, url = served_chain
    ann, shop, path = Signer.generate(), Signer.generate().address, tmp_path / "outbox.db"
    home.fund(ann.address)
    with Chain.connect("local", [url], outbox=path) as chain:
        chain.transfer(ann, chain.native("1"), shop, key="paid")
        assert chain.outbox
        chain.outbox.submit(ann, "too much", shop, value=10**24)
        assert [finding.name for finding in chain.outbox.step()] == ["refused"]
    return path


def shown(run: Run, path: Path, *words: str) -> list[str]:
    ended = run("outbox", "show", str(path), "--network", "local", *words)
    assert ended.code == 0
    return ended.out.splitlines()


def test_it_shows_what_is_open_and_all_when_asked(run: Run, path: Path) -> None:
    assert shown(run, path) == ["too much; queued"]
    (done, waits) = shown(run, path, "--all")
    assert done.startswith("paid; done; nonce 0; 1 signed, the newest bids ")
    assert waits == "too much; queued"


def test_it_says_all_as_json(run: Run, path: Path) -> None:
    (line,) = shown(run, path, "--all", "--json")
    done, waits = json.loads(line)
    assert (done["stage"], done["nonce"], done["value"]) == ("done", 0, str(10**18))
    assert done["attempts"][0]["transaction"] == done["transaction"]
    assert (waits["stage"], waits["nonce"], waits["attempts"]) == ("queued", None, [])


def test_it_cancels_what_is_open(run: Run, path: Path) -> None:
    ended = run("outbox", "cancel", str(path), "too much", "--network", "local")
    assert (ended.code, ended.out) == (0, "too much; queued, to be cancelled\n")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("cancel", "rent", "--network", "local"), "UnknownIntent"),
        (("show", "--network", "base"), "OutboxOfAnotherChain"),
    ],
)
def test_what_it_can_not_do_it_says_by_name(run: Run, path: Path, words: tuple[str, ...], error: str) -> None:
    verb, *rest = words
    ended = run("outbox", verb, str(path), *rest)
    assert ended.code == 1
    assert ended.err.startswith(error)


def test_what_a_backup_had_open_is_shown_and_resubmitted_by_name(run: Run, path: Path) -> None:
    ended = run("outbox", "restored", str(path), "--network", "local")
    refused, unknown = ended.out.splitlines()
    assert refused == "too much; refused; a backup was restored, so it may have happened since"
    assert re.fullmatch(r"0x\w{40}: what it sent with nonces from 1 on is not in this file", unknown)
    assert shown(run, path) == ["Nothing is open"]

    ended = run("outbox", "resubmit", str(path), "too much", "--network", "local")
    assert (ended.code, ended.out) == (0, "too much; queued\n")
    entry = json.loads(run("outbox", "resubmit", str(path), "too much", "--network", "local", "--json").out)
    assert (entry["stage"], entry["restored"]) == ("queued", False)
