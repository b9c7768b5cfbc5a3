import errno
import json
import os
from pathlib import Path

import pytest

from chain.errors import Malformed
from earnest.cli.escrow.dossier import Dossier, load, save
from escrow import Agreement, Payment
from tests.earnest.cli.bench import ADDRESS, HELD, JUDGED, PARTIES_OF_TERMS, Bench

JOB = (*PARTIES_OF_TERMS, "--if-expired", "payer", "--expiry", "30d")


def test_the_steps_of_a_job_are_funded_at_once_and_end_apart(bench: Bench) -> None:
    signers = ("--of", ADDRESS["payer"], "--of", ADDRESS["arbiter"])
    approved = ("escrow", "condition", "approvals", *signers, "--threshold", "1", "--out", "built.json")
    assert bench.tries("payer", *approved).code == 0
    steps = ("--step", "design=100", "--step", "build=400,condition=built.json,expiry=60d,if-expired=payee")
    bench.does("payer", "escrow", "terms", "milestones", *JOB, *steps, "--out", "job.json")

    funded = bench.moves("payer", "authorize-all", "job.json")
    ended = bench.tries("payer", "escrow", "release", "job.json", "--network", "local", "--yes")
    bench.moves("payer", "release", "job.json", "--part", "design")
    words = ("job.json", "--part", "build")
    bench.does("arbiter", "escrow", "condition", "approve", *words, "--up-to", "300", "--out", "word.json")
    bench.moves("payee", "resolve", *words, "--word", "word.json")

    assert len(funded["payments"]) == 2
    assert (ended.code, "say which --part: design, build" in ended.err) == (2, True)
    assert bench.gained("payee") == 400_000_000
    build = Agreement.from_json(json.loads(Path("job.json").read_text())["agreement"])["build"]
    assert build.payee_share_on_expiry_bps == 10_000
    assert build.authorization_expiry - bench.chain.now() > 59 * 86_400


def test_a_bond_is_the_payees_and_goes_where_the_arbiter_says(bench: Bench) -> None:
    bench.does("payer", "escrow", "terms", "purchase", *HELD, *JUDGED, "--out", "sale.json")
    bench.does("payer", "escrow", "terms", "bond", "sale.json", "--amount", "60", "--out", "deal.json")

    bench.moves("payer", "authorize-all", "deal.json")
    bench.moves("payee", "authorize-all", "deal.json")
    bench.moves("payer", "dispute", "deal.json", "--part", "bond")
    bench.moves("arbiter", "rule", "deal.json", "--part", "bond", "--to-payee", "100%")

    assert (bench.gained("payer"), bench.gained("payee")) == (-60_000_000, -60_000_000)


def test_who_pays_for_nothing_can_not_fund_it_all(bench: Bench) -> None:
    bench.does("payer", "escrow", "terms", "purchase", *HELD, *JUDGED, "--out", "deal.json")

    ended = bench.tries("stranger", "escrow", "authorize-all", "deal.json", "--network", "local", "--yes")

    assert ended.code == 2
    assert f"{ADDRESS['stranger']} pays for no part" in ended.err


def test_explain_and_check_say_amounts_in_money_where_a_chain_is_named(bench: Bench) -> None:
    bench.does("payer", "escrow", "terms", "purchase", *HELD, *JUDGED, "--out", "deal.json")

    alone = bench.tries("payer", "escrow", "explain", "deal.json").out
    with_money = bench.does("payer", "escrow", "explain", "deal.json")

    assert "120000000 base units" in alone
    assert "120 USDC" in with_money
    assert "120 USDC" in bench.does("payer", "escrow", "check", "deal.json")


def test_check_ends_with_1_where_something_must_not_be_signed(bench: Bench) -> None:
    lock = ("escrow", "condition", "attestation", "--by", ADDRESS["payee"], "--says", "done", "--out", "own.json")
    assert bench.tries("payee", *lock).code == 0
    terms = (*HELD, "--condition", "own.json", "--out", "deal.json")
    bench.does("payee", "escrow", "terms", "conditional", *terms)

    ended = bench.tries("payer", "escrow", "check", "deal.json", "--json")

    assert ended.code == 1
    assert json.loads(ended.out)[0]["name"] == "payee-proves-alone"
    assert json.loads(ended.out)[0]["severity"] == "refuse"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("purchase", *HELD), "a purchase has an arbiter"),
        (("purchase", *HELD, "--arbiter", ADDRESS["arbiter"]), "needs --ruling-period, --if-arbiter-silent"),
        (("purchase", *HELD, *JUDGED[2:]), "needs --arbiter"),
        (("card", *HELD, "--operator", ADDRESS["operator"], "--fund-by", "soon"), "'soon' is no time"),
        (("milestones", *JOB, "--step", "design"), "NAME=AMOUNT"),
        (("milestones", *JOB, "--step", "a=1", "--step", "a=2"), "two steps have one name"),
        (("milestones", *JOB, "--step", "a=1,operator=me"), "nothing else"),
        (("milestones", *JOB, "--step", "a=1,condition=none.json"), "no file none.json"),
    ],
)
def test_terms_that_lack_something_are_explained(bench: Bench, words: tuple[str, ...], why: str) -> None:
    ended = bench.tries("payer", "escrow", "terms", *words, "--out", "deal.json", "--network", "local")

    assert ended.code == 2
    assert why in " ".join(ended.err.replace("│", " ").split())
    assert not Path("deal.json").exists()


def test_an_agreement_with_a_payment_is_not_written_over(bench: Bench) -> None:
    bench.purchased()
    words = ("escrow", "terms", "purchase", *HELD, *JUDGED, "--out", "deal.json", "--network", "local")

    ended = bench.tries("payer", *words)

    assert ended.code == 2
    assert json.loads(Path("deal.json").read_text())["payments"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data["payments"].update(design=data["payments"]["payment"]),
        lambda data: data["payments"]["payment"].update(paymentId="0x" + "00" * 32),
        lambda data: data.update(payments=[]),
        lambda data: data.update(more=1),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(bench: Bench, spoil: object) -> None:
    bench.purchased()
    data = json.loads(Path("deal.json").read_text())
    assert callable(spoil)
    spoil(data)
    Path("deal.json").write_text(json.dumps(data))

    bench.refused("payer", Malformed, "escrow", "show", "deal.json")


def test_a_payment_of_other_terms_than_the_agreements_is_refused(bench: Bench) -> None:
    bench.purchased()
    bench.purchased("other.json")
    data, other = (json.loads(Path(name).read_text()) for name in ("deal.json", "other.json"))
    Payment.from_json(other["payments"]["payment"])
    Path("deal.json").write_text(json.dumps(data | {"payments": other["payments"]}))

    bench.refused("payer", Malformed, "escrow", "show", "deal.json")


def test_a_disk_that_is_full_leaves_the_old_state(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.purchased()
    kept = load(Path("deal.json"))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        save(Path("deal.json"), Dossier(agreement=kept.agreement))

    assert load(Path("deal.json")) == kept


def test_a_network_needs_a_node(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.does("payer", "escrow", "terms", "purchase", *HELD, *JUDGED, "--out", "deal.json")
    monkeypatch.delenv("EARNEST_RPC")

    assert bench.tries("payer", "escrow", "explain", "deal.json", "--network", "local").code == 2


def test_a_file_that_is_no_json_is_one_clear_line(bench: Bench) -> None:
    Path("deal.json").write_bytes(b"\xff{")

    bench.refused("payer", Malformed, "escrow", "show", "deal.json")
