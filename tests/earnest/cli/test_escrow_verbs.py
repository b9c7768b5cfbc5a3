import io
import json
import sys
from pathlib import Path

import pytest

from chain.errors import TooPrecise
from chain.units import Seconds
from escrow import Payment
from escrow.errors import HeldChanged, NotExpired, NothingToMove, NotOperator
from escrow.terms_errors import Unsound
from tests.earnest.cli.bench import ADDRESS, HELD, JUDGED, Bench


def kept(file: str = "deal.json", part: str = "payment") -> Payment:
    return Payment.from_json(json.loads(Path(file).read_text())["payments"][part])


def test_totals_move_once_and_each_verb_keeps_the_newer_state(bench: Bench) -> None:
    bench.carded()

    first = bench.moves("operator", "capture", "deal.json", "--up-to", "40")
    assert first["moved"] == {"to the payee": bench.usdc("40").to_json()}
    assert kept().holding.held == bench.usdc("80").units
    bench.refused("operator", NothingToMove, "escrow", "capture", "deal.json", "--up-to", "40", "--yes")
    bench.moves("payer", "release", "deal.json", "--up-to", "70")
    bench.moves("payee", "refund", "deal.json", "--up-to", "10")
    ended = bench.moves("operator", "void", "deal.json")

    assert ended["moved"] == {"back to the payer": bench.usdc("50").to_json()}
    assert Payment.from_json(ended["payment"]) == kept()
    assert (bench.gained("payer"), bench.gained("payee")) == (-60_000_000, 60_000_000)


def test_every_verb_says_what_moved_and_what_it_cost(bench: Bench) -> None:
    bench.carded()

    said = bench.does("payer", "escrow", "release", "deal.json", "--up-to", "19.99", "--yes").splitlines()

    assert f"  19.99 USDC goes out to the payee {ADDRESS['payee']}" in said
    assert said[-3:-1] == ["Moved: 19.99 USDC to the payee", "Held now: 100.01 USDC"]
    assert said[-1].startswith("Gas: ")
    assert " ETH, transaction 0x" in said[-1]


def test_money_moves_only_after_a_yes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.carded()
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))

    ended = bench.tries("payer", "escrow", "release", "deal.json", "--network", "local")

    assert ended.code == 1
    assert "120 USDC goes out to the payee" in ended.out
    assert bench.gained("payee") == 0


def test_what_the_rules_forbid_is_refused_before_anybody_is_asked(bench: Bench) -> None:
    bench.carded()

    said = bench.refused("payee", NotOperator, "escrow", "capture", "deal.json")

    assert said.count("\n") == 1
    assert ADDRESS["operator"] in said


def test_a_refusal_is_red_on_a_terminal(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.carded()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    ended = bench.tries("payee", "escrow", "capture", "deal.json", "--network", "local")

    assert ended.err.startswith("\x1b[31mNotOperator: ")


def test_an_amount_with_too_many_places_is_refused(bench: Bench) -> None:
    bench.carded()

    bench.refused("payer", TooPrecise, "escrow", "release", "deal.json", "--up-to", "0.0000001", "--yes")


def test_the_clock_ends_it_as_agreed(bench: Bench) -> None:
    bench.purchased()
    bench.refused("stranger", NotExpired, "escrow", "expire", "deal.json", "--yes")
    bench.chain.travel(to=kept().end)

    ended = bench.moves("stranger", "expire", "deal.json")

    assert ended["moved"] == {"back to the payer": bench.usdc("120").to_json()}


def test_cancelled_terms_can_never_be_funded(bench: Bench) -> None:
    bench.does("payer", "escrow", "terms", "purchase", *HELD, *JUDGED, "--out", "deal.json")
    bench.moves("payer", "cancel", "deal.json")

    ended = bench.tries("payer", "escrow", "authorize", "deal.json", "--network", "local", "--yes")

    assert ended.err.startswith("AlreadyUsed")


def test_a_refund_is_decided_by_the_state_in_the_file_and_show_brings_the_newer_one(bench: Bench) -> None:
    bench.carded()
    bench.moves("operator", "capture", "deal.json", "--up-to", "40")
    old = Path("deal.json").read_bytes()
    bench.moves("operator", "capture", "deal.json", "--up-to", "60")
    Path("deal.json").write_bytes(old)

    bench.refused("payee", HeldChanged, "escrow", "refund", "deal.json", "--yes")
    assert "Held: 60 USDC" in bench.does("payee", "escrow", "show", "deal.json")
    bench.moves("payee", "refund", "deal.json")

    assert bench.gained("payer") == -60_000_000


def test_a_risk_is_taken_by_its_name_alone(bench: Bench) -> None:
    operated = ("--operator", ADDRESS["payee"])
    bench.does("payer", "escrow", "terms", "card", *HELD, *operated, "--out", "deal.json")

    said = bench.refused("payer", Unsound, "escrow", "authorize", "deal.json", "--yes")
    assert "operator-is-payee" in said
    bench.moves("payer", "authorize", "deal.json", "--accept", "operator-is-payee")

    assert bench.gained("payer") == -120_000_000


def test_watch_tells_the_events_until_nothing_is_held(bench: Bench) -> None:
    bench.carded()
    often = ("deal.json", "--network", "local", "--for", "1s", "--every", "0.1", "--plain")
    waiting = bench.tries("stranger", "escrow", "watch", *often)
    bench.moves("payer", "release", "deal.json", "--up-to", "20")
    bench.moves("payer", "release", "deal.json")

    ended = bench.does("stranger", "escrow", "watch", "deal.json", "--for", "1s", "--plain")

    assert waiting.code == 1
    assert [line.partition(" in block")[0] for line in waiting.out.splitlines()] == ["Authorized"]
    assert [line.split()[0] for line in ended.splitlines()] == ["Authorized", "Released", "Released"]
    assert ended.endswith(", 0 USDC held\n")


def test_show_says_the_phase(bench: Bench) -> None:
    bench.purchased()
    bench.moves("payee", "dispute", "deal.json")
    assert json.loads(bench.does("payer", "escrow", "show", "deal.json", "--json"))["phase"] == "disputed"

    bench.chain.travel(to=Seconds(kept().end))

    assert "Phase: over" in bench.does("payer", "escrow", "show", "deal.json")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("release", "none.json"), "none.json"),
        (("release", "deal.json", "--part", "design"), "no part 'design'"),
        (("rule", "deal.json", "--to-payee", "101%"), "101%"),
        (("dispute", "deal.json", "--evidence", "deal.json", "--evidence-hash", "0x00"), "not both"),
    ],
)
def test_a_wrong_word_is_explained_and_exit_code_2(bench: Bench, words: tuple[str, ...], why: str) -> None:
    bench.purchased()

    ended = bench.tries("payer", "escrow", *words, "--network", "local", "--yes")

    assert ended.code == 2
    assert why in ended.err
