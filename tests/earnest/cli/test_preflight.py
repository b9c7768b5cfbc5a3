import json

import pytest

from chain import Signer
from tests.earnest.cli.bench import ADDRESS, HELD, Bench

BURNT = "0x" + "77" * 20


@pytest.fixture
def stranger() -> str:
    """An account that nobody has ever seen."""
    return Signer.generate().address


def asked(bench: Bench, *words: str) -> tuple[int, str]:
    ended = bench.tries("stranger", "preflight", *words, "--network", "local")
    assert ended.err == ""
    return ended.code, ended.out


def test_what_nothing_refuses_ends_with_0(bench: Bench) -> None:
    code, said = asked(bench, ADDRESS["payee"], "5", "USDC", "--from", ADDRESS["payer"])

    assert (code, said) == (0, f"5 USDC to {ADDRESS['payee']}\nNothing refuses it\n")


def test_findings_are_a_table_and_what_is_refused_is_named(bench: Bench, stranger: str) -> None:
    code, said = asked(bench, stranger.lower(), "2000", "USDC", "--from", ADDRESS["payer"])

    unseen = "has never sent anything and has nothing: a wrong address would look the same"
    unchecked = "is written without a checksum, so a wrong digit would not be noticed; it should be"
    assert code == 1
    assert said.splitlines() == [
        f"2000 USDC to {stranger}",
        f"  block InsufficientBalance  {ADDRESS['payer']} has 1000 USDC, 2000 USDC are needed",
        f"  warn  FreshPayee           {stranger} {unseen}",
        f"  note  NoChecksum           {stranger.lower()} {unchecked} {stranger}",
        "Refused: InsufficientBalance",
    ]


def test_a_finding_is_accepted_by_its_name(bench: Bench) -> None:
    burnt = (BURNT, "5", "USDC")

    assert asked(bench, *burnt)[0] == 1
    assert asked(bench, *burnt, "--accept", "FreshPayee")[0] == 1
    code, said = asked(bench, *burnt, "--accept", "BurnAddress")
    assert code == 0
    assert "block BurnAddress" in said


def test_scripts_read_json(bench: Bench, stranger: str) -> None:
    code, said = asked(bench, stranger, "5", "ETH", "--json")
    answer = json.loads(said)

    assert code == 0
    assert (answer["payer"], answer["payee"], answer["refused"]) == (None, stranger, [])
    assert [found["name"] for found in answer["findings"]] == ["FreshPayee"]

    code, said = asked(bench, BURNT, "5", "ETH", "--json")
    assert (code, json.loads(said)["refused"]) == (1, ["BurnAddress"])


def test_known_addresses_are_given(bench: Bench) -> None:
    payee = ADDRESS["payee"]
    twin = "0x" + payee[2:6].lower() + "5" * 32 + payee[-4:].lower()

    assert "LookAlike" not in asked(bench, twin, "5", "USDC")[1]
    code, said = asked(bench, twin, "5", "USDC", "--known", payee)
    assert code == 1
    assert f"begins and ends as {payee}" in said


def test_a_fee_is_judged_by_the_price_that_is_given(bench: Bench) -> None:
    payment = (ADDRESS["payee"], "0.01", "USDC", "--from", ADDRESS["payer"])

    assert "FeeTooHigh" not in asked(bench, *payment)[1]
    assert "FeeTooHigh" in asked(bench, *payment, "--native-price", "1000000000")[1]


def test_earlier_payments_are_looked_for_from_a_block_on(bench: Bench) -> None:
    bench.purchased()
    payment = (ADDRESS["payee"], "5", "USDC", "--from", ADDRESS["payer"])

    assert "PaidBefore" not in asked(bench, *payment)[1]
    assert "was paid 1 times" in asked(bench, *payment, "--since", "0")[1]
    assert "FirstPayment" in asked(bench, *payment, "--since", "1000000")[1]


def test_an_escrow_and_a_channel_refuse_the_same_and_accept_by_the_same_word(bench: Bench) -> None:
    held = tuple(BURNT if word == ADDRESS["payee"] else word for word in HELD)
    bench.does("payer", "escrow", "terms", "card", *held, "--operator", ADDRESS["operator"], "--out", "deal.json")
    ended = bench.tries("payer", "escrow", "authorize", "deal.json", "--yes", "--network", "local")
    assert (ended.code, ended.err.splitlines()[-1].partition(":")[0]) == (1, "PreflightRefused")
    bench.does("payer", "escrow", "authorize", "deal.json", "--accept", "BurnAddress", "--yes")

    opened = ("channel", "open", "--payee", BURNT, "--deposit", "1", "--closing-period", "1h", "--token", "USDC")
    ended = bench.tries("payer", *opened, "--out", "channel.json", "--yes", "--network", "local")
    assert (ended.code, ended.err.splitlines()[-1].partition(":")[0]) == (1, "PreflightRefused")
    bench.does("payer", *opened, "--accept", "BurnAddress", "--out", "channel.json", "--yes")
    assert bench.gained("payer") == -bench.usdc("121").units
