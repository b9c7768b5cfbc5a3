import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from chain.errors import InvalidSignature, Malformed
from chain.preflight import PreflightRefused
from chain.units import Seconds
from channels.duplex.errors import (
    AlreadyChallenged,
    FightNotOver,
    NotCovered,
    NothingToCollect,
    NotParty,
    VersionNotNewer,
    WithdrawalTooLarge,
)
from escrow import conditions
from tests.earnest.cli.bench import ADDRESS, Bench

PREIMAGE = b"p" * 32
LOCK = conditions.hash_lock(sha256=hashlib.sha256(PREIMAGE).digest())
NEW = ("--party-a", ADDRESS["payer"], "--party-b", ADDRESS["payee"], "--token", "USDC", "--closing-period", "1h")


@pytest.fixture
def opened(bench: Bench) -> Bench:
    """6 USDC of A, the payer, and 4 of B, the payee."""
    said = bench.does("payer", "duplex", "new", *NEW, "--out", "duplex.json")
    assert "Written to duplex.json" in said
    for who, amount in (("payer", "6"), ("payee", "4")):
        bench.does(who, "duplex", "deposit", "duplex.json", amount, "--yes")
    return bench


def agreed(bench: Bench, version: int, *said: str) -> str:
    """A state that A proposes and B signs; its file."""
    half, full = f"half-{version}.json", f"state-{version}.json"
    bench.does("payer", "duplex", "state", "duplex.json", "--version", str(version), *said, "--out", half)
    bench.does("payee", "duplex", "sign", half, "--out", full, "--yes")
    return full


def travel(bench: Bench, seconds: int) -> None:
    bench.chain.travel(to=Seconds(bench.chain.now() + seconds))


def shown(bench: Bench, *words: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(bench.does("stranger", "duplex", "show", "duplex.json", *words, "--json"))
    return facts


def test_deposits_are_shown(opened: Bench) -> None:
    assert "Deposits: 6 USDC of A, 4 USDC of B" in opened.does("stranger", "duplex", "show", "duplex.json")
    facts = shown(opened)
    assert (facts["fight"], facts["reserve"]) == (None, None)
    opened.refused("stranger", NotParty, "duplex", "deposit", "duplex.json", "1", "--yes")


def test_a_first_deposit_beside_a_mistake_is_refused_unless_one_takes_it_by_name(bench: Bench) -> None:
    bench.does("payer", "duplex", "new", *NEW, "--signer-b", "0x" + "77" * 20, "--out", "odd.json")

    bench.refused("payer", PreflightRefused, "duplex", "deposit", "odd.json", "1", "--yes")

    bench.does("payer", "duplex", "deposit", "odd.json", "1", "--yes", "--accept", "BurnAddress")
    assert "Moved: 2 USDC" in bench.does("payer", "duplex", "deposit", "odd.json", "2", "--yes")


def test_both_end_it_in_one_go(opened: Bench) -> None:
    propose = ("duplex", "propose-close", "duplex.json", "--a-owes", "5")
    said = opened.does("payer", *propose, "--out", "close.json")
    assert "A owes B 5 USDC" in said
    assert f"Has yet to sign: {ADDRESS['payee']}" in said
    opened.refused("stranger", InvalidSignature, "duplex", "close", "close.json", "--yes")

    done = opened.does("payee", "duplex", "close", "close.json", "--yes")

    assert "Moved: 1 USDC to A; 9 USDC to B" in done
    assert (opened.gained("payer"), opened.gained("payee")) == (-5_000_000, 5_000_000)


def test_both_take_some_out_and_go_on(opened: Bench) -> None:
    propose = ("duplex", "propose-withdrawal", "duplex.json", "--a-owes", "2", "--to-a")
    opened.does("payer", *propose, "5", "--to-b", "0", "--out", "greedy.json")
    opened.refused("payee", WithdrawalTooLarge, "duplex", "withdraw", "greedy.json", "--yes")
    opened.does("payer", *propose, "1", "--to-b", "5", "--out", "half.json")
    opened.does("payee", "duplex", "sign", "half.json", "--out", "full.json", "--yes")
    opened.refused("payee", Malformed, "duplex", "close", "full.json", "--yes")

    done = opened.does("stranger", "duplex", "withdraw", "full.json", "--yes")

    assert "Moved: 1 USDC to A; 5 USDC to B" in done
    assert "epoch 1" in done
    assert "Deposits: 3 USDC of A, 1 USDC of B" in done


def test_a_stale_state_is_answered_and_the_newest_paid_out(opened: Bench) -> None:
    old, newest = agreed(opened, 1, "--b-owes", "4"), agreed(opened, 3, "--a-owes", "5")
    said = opened.does("payer", "duplex", "challenge", "duplex.json", "--state", old, "--yes")
    assert "Posted: version 1, B owes A 4 USDC" in said
    opened.refused("payee", AlreadyChallenged, "duplex", "challenge", "duplex.json", "--yes")
    opened.refused("payee", AlreadyChallenged, "duplex", "sign", "half-3.json", "--out", "late.json", "--yes")

    opened.does("stranger", "duplex", "answer", newest, "--yes")
    opened.refused("payer", VersionNotNewer, "duplex", "answer", old, "--yes")
    assert shown(opened)["fight"]["version"] == "3"
    opened.refused("payee", FightNotOver, "duplex", "pay-out", "duplex.json", "--yes")
    travel(opened, 3_600)
    done = opened.does("stranger", "duplex", "pay-out", "duplex.json", "--yes")

    assert "Moved: 1 USDC to A; 9 USDC to B" in done
    assert not Path("late.json").exists()


def test_promises_are_kept_proven_collected_and_swept(opened: Bench) -> None:
    Path("lock.json").write_text(json.dumps(LOCK.to_json()))
    made = ("--condition", "lock.json", "--expiry", "5000s", "--out")
    said = opened.does("payer", "duplex", "promise", "duplex.json", "2", "--by", "a", *made, "mine.json")
    assert "A promises 2 USDC for the SHA-256 preimage of" in said
    opened.does("payee", "duplex", "promise", "duplex.json", "3", "--by", "b", *made, "theirs.json")
    state = agreed(opened, 1, "--promise", "mine.json", "--promise", "theirs.json")
    opened.does("payee", "duplex", "challenge", "duplex.json", "--state", state, "--yes")
    travel(opened, 3_600)
    done = opened.does("stranger", "duplex", "pay-out", "duplex.json", "--state", state, "--yes")
    assert "Moved: 4 USDC to A; 1 USDC to B" in done
    assert shown(opened, "--epoch", "0")["reserve"]["fromA"] == opened.usdc("2").to_json()
    opened.refused("payee", NothingToCollect, "duplex", "collect", state, "--yes")

    record = ("duplex", "record", "duplex.json", "--epoch", "0", "--condition", "lock.json")
    opened.does("stranger", *record, "--promise", "theirs.json", "--preimage", "0x" + PREIMAGE.hex(), "--yes")
    collected = opened.does("stranger", "duplex", "collect", state, "--yes")
    travel(opened, 6_000)
    swept = opened.does("stranger", "duplex", "sweep", "duplex.json", "--epoch", "0", "--yes")

    assert "Moved: 3 USDC to A; 0 USDC to B" in collected
    assert "Moved: 2 USDC to A; 0 USDC to B" in swept
    assert (opened.gained("payer"), opened.gained("payee")) == (3_000_000, -3_000_000)


def test_nobody_signs_for_more_than_is_there(opened: Bench) -> None:
    propose = ("duplex", "state", "duplex.json", "--version", "1", "--out", "state.json")
    opened.refused("payer", NotCovered, *propose, "--a-owes", "6.000001")
    opened.refused("payer", Malformed, *propose, "--a-owes", "1", "--b-owes", "1")
    opened.refused("stranger", InvalidSignature, *propose)
    Path("nothing.json").write_text("{}")
    opened.refused("payer", Malformed, "duplex", "sign", "nothing.json", "--out", "state.json", "--yes")
    party = ("duplex", "promise", "duplex.json", "2", "--by", "c", "--expiry", "1h", "--out", "p.json")
    Path("lock.json").write_text(json.dumps(LOCK.to_json()))
    assert opened.tries("payer", *party, "--condition", "lock.json", "--network", "local").code == 2

    assert not Path("state.json").exists()
