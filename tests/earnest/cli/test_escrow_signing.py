import json
from pathlib import Path

import pytest

from chain.errors import Malformed
from escrow.errors import NotSignedBy
from escrow.evidence_errors import ConsentOutstanding
from escrow.terms_errors import Unsound
from tests.earnest.cli.bench import ADDRESS, HELD, JUDGED, Bench


def signed(bench: Bench, who: str, *words: str, out: str = "consent.json") -> str:
    return bench.does(who, "escrow", "sign", *words, "--out", out)


@pytest.mark.parametrize(
    ("words", "who", "gains"),
    [
        (("release", "deal.json", "--up-to", "40"), "payer", 40_000_000),
        (("void", "deal.json", "--up-to", "40"), "payee", 0),
    ],
)
def test_a_partys_word_is_brought_by_anybody(bench: Bench, words: tuple[str, ...], who: str, gains: int) -> None:
    bench.purchased()
    said = signed(bench, who, *words)

    done = bench.moves("stranger", "submit", "deal.json", "consent.json")

    assert "All but 80 USDC of what is held" in said
    assert done["payment"]["holding"]["held"] == "80000000"
    assert bench.gained("payee") == gains


def test_a_dispute_and_its_ruling_are_signed_and_brought(bench: Bench) -> None:
    bench.purchased()
    signed(bench, "payer", "dispute", "deal.json", "--evidence-hash", "0x" + "11" * 32)
    bench.moves("stranger", "submit", "deal.json", "consent.json")
    said = signed(bench, "arbiter", "ruling", "deal.json", "--to-payee", "25%", out="ruling.json")

    bench.moves("stranger", "submit", "deal.json", "ruling.json")

    assert "The payee gets 25 % of what is held" in said
    assert (bench.gained("payer"), bench.gained("payee")) == (-30_000_000, 30_000_000)


def test_a_settlement_ends_in_one_go_by_the_other_party(bench: Bench) -> None:
    bench.purchased()
    said = signed(bench, "payee", "settle", "deal.json", "--to-payer", "50")
    assert f"Has yet to sign: {ADDRESS['payer']}" in said

    bench.refused("stranger", NotSignedBy, "escrow", "settle", "deal.json", "consent.json", "--yes")
    done = bench.moves("payer", "settle", "deal.json", "consent.json")

    assert done["moved"]["to the payee"] == bench.usdc("70").to_json()
    assert bench.gained("payer") == -70_000_000


def test_a_settlement_that_both_have_signed_is_anybodys_to_bring(bench: Bench) -> None:
    bench.purchased()
    signed(bench, "payee", "settle", "deal.json", "--to-payer", "50")
    bench.does("payer", "escrow", "cosign", "deal.json", "consent.json", "--yes", "--out", "both.json")

    bench.moves("stranger", "submit", "deal.json", "both.json")

    assert bench.gained("payee") == 70_000_000


def test_the_journal_beside_the_file_keeps_consents_from_adding_up(bench: Bench) -> None:
    bench.purchased()
    signed(bench, "payee", "settle", "deal.json", "--to-payer", "50")

    bench.refused("payee", ConsentOutstanding, "escrow", "void", "deal.json", "--up-to", "50", "--yes")

    assert Path("deal.journal").exists()
    assert bench.gained("payee") == 0


def test_an_amendment_moves_the_hold_and_the_file_goes_on_with_it(bench: Bench) -> None:
    bench.purchased()
    longer = [word if word != "14d" else "30d" for word in HELD]
    bench.does("payer", "escrow", "terms", "purchase", *longer, *JUDGED, "--out", "new.json")
    signed(bench, "payee", "amend", "deal.json", "--to", "new.json")
    before = json.loads(Path("deal.json").read_text())

    said = bench.does("payer", "escrow", "amend", "deal.json", "consent.json", "--yes")

    after = json.loads(Path("deal.json").read_text())
    assert "120 USDC held, 0 USDC paid in, 0 USDC paid out: 120 USDC go on under new terms." in said
    assert after["agreement"] == json.loads(Path("new.json").read_text())["agreement"]
    assert after["payments"]["payment"]["paymentId"] != before["payments"]["payment"]["paymentId"]
    bench.moves("payer", "release", "deal.json")
    assert bench.gained("payee") == 120_000_000


def test_new_terms_are_checked_before_a_party_agrees_to_them(bench: Bench) -> None:
    bench.purchased()
    risky = (*HELD, "--operator", ADDRESS["payee"])
    bench.does("payer", "escrow", "terms", "card", *risky, "--out", "new.json")
    accepted = ("--accept", "operator-is-payee")

    sign = ("escrow", "sign", "amend", "deal.json", "--to", "new.json", "--out", "consent.json")
    bench.refused("payee", Unsound, *sign)
    bench.does("payee", *sign, *accepted)
    bench.refused("payer", Unsound, "escrow", "amend", "deal.json", "consent.json", "--yes")
    bench.refused("payer", Unsound, "escrow", "cosign", "deal.json", "consent.json", "--yes", "--out", "both.json")
    bench.moves("payer", "amend", "deal.json", "consent.json", *accepted)

    assert bench.gained("payer") == -120_000_000


def test_an_amendment_takes_in_more_by_the_new_payers_signature(bench: Bench) -> None:
    bench.purchased()
    more = [word if word != "120" else "150" for word in HELD]
    bench.does("payer", "escrow", "terms", "purchase", *more, *JUDGED, "--out", "new.json")
    paid_in = ("--paid-in", "30", "--method", "erc3009")
    signed(bench, "payer", "amend", "deal.json", "--to", "new.json", *paid_in)
    bench.does("payee", "escrow", "cosign", "deal.json", "consent.json", "--yes", "--out", "both.json")

    bench.moves("stranger", "submit", "deal.json", "both.json")

    assert bench.gained("payer") == -150_000_000


def test_who_only_carries_an_amendment_accepts_nothing(bench: Bench) -> None:
    bench.purchased()
    operated = (*HELD, "--operator", ADDRESS["payee"])
    bench.does("payer", "escrow", "terms", "card", *operated, "--out", "new.json")
    accepted = ("--accept", "operator-is-payee")
    signed(bench, "payee", "amend", "deal.json", "--to", "new.json", *accepted)
    bench.does("payer", "escrow", "cosign", "deal.json", "consent.json", "--yes", "--out", "both.json", *accepted)

    bench.moves("stranger", "submit", "deal.json", "both.json")

    bench.moves("payee", "capture", "deal.json")
    assert bench.gained("payee") == 120_000_000


def test_an_amendment_brings_the_condition_of_the_new_agreement(bench: Bench) -> None:
    bench.purchased()
    for who in ("payer", "arbiter"):
        words = ("approvals", "--of", ADDRESS[who], "--threshold", "1", "--out", f"{who}.json")
        assert bench.tries("payer", "escrow", "condition", *words).code == 0
        terms = (*HELD, "--condition", f"{who}.json", "--out", f"by-{who}.json")
        bench.does("payer", "escrow", "terms", "conditional", *terms)

    for number, name in enumerate(("by-payer.json", "by-arbiter.json")):
        signed(bench, "payee", "amend", "deal.json", "--to", name, out=f"{number}.json")
        bench.refused("payer", Unsound, "escrow", "amend", "deal.json", f"{number}.json", "--yes")
        bench.moves("payer", "amend", "deal.json", f"{number}.json", "--to", name)

        part = json.loads(Path("deal.json").read_text())["agreement"]["parts"][0]
        assert part == json.loads(Path(name).read_text())["agreement"]["parts"][0]


def test_an_amendment_leaves_the_old_condition_behind(bench: Bench) -> None:
    approved = ("approvals", "--of", ADDRESS["payer"], "--threshold", "1", "--out", "condition.json")
    assert bench.tries("payer", "escrow", "condition", *approved).code == 0
    bench.does("payer", "escrow", "terms", "conditional", *HELD, "--condition", "condition.json", "--out", "deal.json")
    bench.does("payer", "escrow", "terms", "purchase", *HELD, *JUDGED, "--out", "new.json")
    bench.moves("payer", "authorize", "deal.json")
    signed(bench, "payee", "amend", "deal.json", "--to", "new.json")

    bench.moves("payer", "amend", "deal.json", "consent.json")

    assert (
        json.loads(Path("deal.json").read_text())["agreement"] == json.loads(Path("new.json").read_text())["agreement"]
    )


def test_only_the_new_payer_signs_for_what_is_paid_in(bench: Bench) -> None:
    bench.purchased()
    signed(bench, "payee", "settle", "deal.json", "--to-payer", "50")
    words = ("deal.json", "consent.json", "--out", "both.json", "--method", "erc3009", "--network", "local", "--yes")

    ended = bench.tries("payer", "escrow", "cosign", *words)

    more = [word if word != "120" else "150" for word in HELD]
    bench.does("payer", "escrow", "terms", "purchase", *more, *JUDGED, "--out", "new.json")
    amended = ("deal.json", "--to", "new.json", "--paid-in", "30", "--method", "erc3009", "--out", "amended.json")
    by_payee = bench.tries("payee", "escrow", "sign", "amend", *amended, "--network", "local")

    assert (ended.code, Path("both.json").exists()) == (2, False)
    assert (by_payee.code, Path("amended.json").exists()) == (2, False)


def test_nothing_is_signed_for_money_before_its_risks_are_taken(bench: Bench) -> None:
    operated = ("--operator", ADDRESS["payee"])
    bench.does("payer", "escrow", "terms", "card", *HELD, *operated, "--out", "deal.json")

    bench.refused("payer", Unsound, "escrow", "sign", "authorize", "deal.json", "--out", "signed.json")
    bench.refused("payer", Unsound, "escrow", "authorize-all", "deal.json")

    assert not Path("signed.json").exists()
    assert bench.gained("payer") == 0


@pytest.mark.parametrize("verb", ["authorize", "charge"])
def test_what_the_payer_signed_funds_the_payment(bench: Bench, verb: str) -> None:
    operated = ("--operator", ADDRESS["operator"])
    bench.does("payer", "escrow", "terms", "card", *HELD, *operated, "--out", "deal.json")
    signed(bench, "payer", "authorize", "deal.json", out="signed.json")
    brought = ("--signed", "signed.json") if verb == "authorize" else ("signed.json",)

    bench.moves("operator", verb, "deal.json", *brought)

    assert bench.gained("payer") == -120_000_000
    assert bench.gained("payee") == (120_000_000 if verb == "charge" else 0)


def test_an_authorization_for_another_payment_is_not_brought(bench: Bench) -> None:
    for file in ("deal.json", "other.json"):
        bench.does("payer", "escrow", "terms", "purchase", *HELD, *JUDGED, "--out", file)
    signed(bench, "payer", "authorize", "other.json", out="signed.json")
    words = ("escrow", "authorize", "deal.json", "--signed", "signed.json", "--network", "local", "--yes")

    ended = bench.tries("stranger", *words)

    assert ended.code == 2
    assert "another payment" in ended.err


def test_a_consent_of_another_kind_or_agreement_is_refused(bench: Bench) -> None:
    bench.purchased()
    bench.purchased("other.json")
    signed(bench, "payer", "release", "deal.json")

    bench.refused("payee", Malformed, "escrow", "settle", "deal.json", "consent.json", "--yes")
    bench.refused("payee", Malformed, "escrow", "submit", "other.json", "consent.json", "--yes")

    assert bench.gained("payee") == 0


@pytest.mark.parametrize(("out", "why"), [("deal.json", "there already"), ("none/consent.json", "no folder none")])
def test_nothing_is_signed_that_could_not_be_written(bench: Bench, out: str, why: str) -> None:
    bench.purchased()
    before = Path("deal.json").read_bytes()
    words = ("escrow", "sign", "settle", "deal.json", "--to-payer", "50", "--out", out, "--network", "local")

    ended = bench.tries("payee", *words)

    assert (ended.code, why in " ".join(ended.err.split())) == (2, True)
    assert Path("deal.json").read_bytes() == before
    bench.moves("payee", "void", "deal.json")
