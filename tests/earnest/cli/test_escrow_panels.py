import json
from pathlib import Path

import pytest

from chain.errors import InvalidValue, Malformed, NotAnAddress, OutOfRange
from escrow.panel.errors import NotAMember, NotEnoughSignatures
from tests.earnest.cli.bench import ADDRESS, HELD, Bench

MEMBERS = [word for who in ("arbiter", "operator", "stranger") for word in ("--member", ADDRESS[who])]
SPLIT = ("--panel", "panel.json", "--to-payee", "30")


def disputed(bench: Bench) -> None:
    made = bench.tries("payer", "escrow", "panel", "new", *MEMBERS, "--threshold", "2", "--out", "panel.json")
    judged = ("--arbiter", made.out.strip(), "--ruling-period", "7d", "--if-arbiter-silent", "payer")
    bench.does("payer", "escrow", "terms", "purchase", *HELD, *judged, "--out", "deal.json")
    bench.moves("payer", "authorize", "deal.json")
    bench.moves("payer", "dispute", "deal.json")


def test_two_of_three_members_rule_and_anybody_brings_it(bench: Bench) -> None:
    disputed(bench)
    for who in ("operator", "stranger"):
        bench.does(who, "escrow", "panel", "sign", "deal.json", *SPLIT, "--out", f"{who}.json")
    assembled = ("escrow", "panel", "ruling", "deal.json", "--panel", "panel.json", "--out", "ruling.json")
    bench.refused("payee", NotEnoughSignatures, *assembled, "--word", "operator.json")

    said = bench.does("payee", *assembled, "--word", "operator.json", "--word", "stranger.json")
    bench.does("payee", "escrow", "panel", "create", "--panel", "panel.json", "--yes")
    bench.moves("payee", "submit", "deal.json", "ruling.json")

    assert "The payee gets 25 % of what is held" in said
    assert (bench.gained("payer"), bench.gained("payee")) == (-30_000_000, 30_000_000)


def test_who_has_no_seat_has_no_word(bench: Bench) -> None:
    disputed(bench)

    bench.refused("payee", NotAMember, "escrow", "panel", "sign", "deal.json", *SPLIT, "--out", "word.json")


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        ({"members": "0x"}, Malformed),
        ({"members": ["0x"]}, NotAnAddress),
        ({"threshold": "2"}, OutOfRange),
        ({"more": 1}, Malformed),
    ],
)
def test_a_file_that_is_no_panel_is_refused(bench: Bench, spoil: object, error: type[InvalidValue]) -> None:
    disputed(bench)
    assert isinstance(spoil, dict)
    Path("panel.json").write_text(json.dumps(json.loads(Path("panel.json").read_text()) | spoil))

    bench.refused("payee", error, "escrow", "panel", "create", "--panel", "panel.json", "--yes")
