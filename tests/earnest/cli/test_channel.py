import json
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from chain.errors import InsufficientBalance, InvalidSignature
from chain.refusals import NotPayer
from chain.units import Seconds
from channels.errors import (
    AlreadyOpen,
    AmountExceedsDeposit,
    ChannelClosing,
    NothingReserved,
    NotPayee,
    TakeTooLarge,
    WindowNotOver,
)
from tests.earnest.cli.bench import ADDRESS, Bench

OPEN = ("--payee", ADDRESS["payee"], "--deposit", "10", "--token", "USDC", "--closing-period", "1h")


@pytest.fixture
def opened(bench: Bench) -> Bench:
    """10 USDC from payer to payee, with a window of an hour."""
    said = bench.does("payer", "channel", "open", *OPEN, "--out", "channel.json", "--yes")
    assert "Moved: 10 USDC paid in" in said
    return bench


def answer(bench: Bench, who: str, *words: str) -> Any:
    return json.loads(bench.does(who, "channel", *words, "--yes", "--json"))


def paid(bench: Bench, amount: str, out: str = "voucher.json") -> None:
    bench.does("payer", "channel", "pay", "channel.json", amount, "--out", out, "--yes")


def travel(bench: Bench, seconds: int) -> None:
    bench.chain.travel(to=Seconds(bench.chain.now() + seconds))


def test_many_payments_are_two_transactions(opened: Bench) -> None:
    for number in range(1, 4):
        paid(opened, "0.5", out=f"{number}.json")
        said = opened.does("payee", "channel", "accept", f"{number}.json", "--yes")
    assert "Accepted: 0.50 USDC more, 1.50 USDC in all" in said

    claimed = answer(opened, "payee", "claim")
    closed = opened.does("payee", "channel", "close", "channel.json", "--yes")

    assert claimed["paid"] == [opened.usdc("1.5").to_json()]
    assert "In all 1.50 USDC was the payee's; 8.50 USDC back to the payer" in closed
    assert (opened.gained("payer"), opened.gained("payee")) == (-1_500_000, 1_500_000)


def test_a_voucher_goes_through_a_pipe(opened: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    voucher = opened.does("payer", "channel", "pay", "channel.json", "0.01", "--yes")
    monkeypatch.setattr(sys, "stdin", StringIO(voucher))

    credit = json.loads(opened.does("payee", "channel", "accept", "--json"))

    assert credit["accepted"] == opened.usdc("0.01").to_json()
    assert json.loads(voucher)["channel"] == json.loads(Path("channel.json").read_text())


def test_the_payer_tops_up_and_is_told_what_is_left(opened: Bench) -> None:
    paid(opened, "4")
    said = opened.does("payer", "channel", "top-up", "channel.json", "5", "--yes")

    assert "Deposit: 15 USDC; settled: 0 USDC" in said
    assert "Promised: 4 USDC; left: 11 USDC" in said
    assert opened.gained("payer") == -15_000_000


def test_a_silent_payee_does_not_hold_the_payers_rest(opened: Bench) -> None:
    asked = opened.does("payer", "channel", "request-close", "channel.json", "--yes")
    assert "The payee has 1:00:00 to claim" in asked
    opened.refused("payer", ChannelClosing, "channel", "pay", "channel.json", "1", "--yes")
    opened.does("payer", "channel", "cancel-close", "channel.json", "--yes")
    opened.does("payer", "channel", "request-close", "channel.json", "--yes")

    opened.refused("stranger", WindowNotOver, "channel", "withdraw", "channel.json", "--yes")
    travel(opened, 3_600)
    said = opened.does("stranger", "channel", "withdraw", "channel.json", "--yes")

    assert "10 USDC back to the payer" in said
    assert opened.gained("payer") == 0
    shown = opened.does("payer", "channel", "show", "channel.json", "--wallet", "wallet.db")
    assert "It is not open" in shown


def test_a_channel_is_shown_as_each_side_has_it(opened: Bench) -> None:
    paid(opened, "4")
    opened.does("payee", "channel", "accept", "voucher.json")

    for who, words, expected in (
        ("stranger", (), "Deposit: 10 USDC; settled: 0 USDC"),
        ("payer", ("--wallet", "wallet.db"), "Promised: 4 USDC; left: 6 USDC"),
        ("payee", ("--till", "till.db"), "Accepted: 4 USDC; delivered: 0 USDC; owed: 4 USDC"),
        ("stranger", ("--epoch", "0"), "Nothing is kept for promises of epoch 0"),
    ):
        assert expected in opened.does(who, "channel", "show", "channel.json", *words)
        facts = json.loads(opened.does(who, "channel", "show", "voucher.json", *words, "--json"))
        assert facts["lane"]["deposit"] == opened.usdc("10").to_json()
    both = ("--wallet", "wallet.db", "--till", "till.db", "--network", "local")
    assert opened.tries("payer", "channel", "show", "channel.json", *both).code == 2


def test_vouchers_that_no_store_has_are_claimed_and_closed_with(opened: Bench) -> None:
    paid(opened, "4")
    said = opened.does("stranger", "channel", "claim", "--voucher", "voucher.json", "--yes")
    assert "worth 4 USDC in all" in said
    assert "Moved: 4 USDC to the payee" in said
    again = opened.does("stranger", "channel", "claim", "--voucher", "voucher.json", "--yes")
    assert "Moved: nothing" in again
    assert "AmountNotIncreasing" in again
    paid(opened, "2", out="newest.json")

    words = ("channel", "close", "channel.json", "--voucher", "newest.json", "--yes")
    opened.refused("payer", NotPayee, *words)
    opened.refused("payee", TakeTooLarge, *words, "--take", "6.000001")
    opened.does("payee", *words, "--take", "5")

    assert opened.gained("payee") == 5_000_000


def test_what_is_refused_is_one_line_and_moves_nothing(opened: Bench) -> None:
    opened.refused("payer", AlreadyOpen, "channel", "open", *OPEN, "--out", "again.json", "--yes")
    opened.refused("payer", InsufficientBalance, "channel", "top-up", "channel.json", "991", "--yes")
    opened.refused("payer", AmountExceedsDeposit, "channel", "pay", "channel.json", "10.000001", "--yes")
    opened.refused("payee", NotPayer, "channel", "pay", "channel.json", "1", "--yes")
    opened.refused("stranger", NothingReserved, "channel", "sweep", "channel.json", "--epoch", "0", "--yes")
    paid(opened, "1")
    forged = json.loads(Path("voucher.json").read_text())
    forged["voucher"]["cumulativeAmount"] = "2000000"
    Path("forged.json").write_text(json.dumps(forged))
    opened.refused("payee", InvalidSignature, "channel", "accept", "forged.json")

    assert not Path("again.json").exists()
    assert opened.gained("payer") == -10_000_000


def test_nothing_is_sent_without_a_yes(opened: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (("request-close", "channel.json"), ("top-up", "channel.json", "1"), ("pay", "channel.json", "1")):
        monkeypatch.setattr(sys, "stdin", StringIO("n\n"))
        ended = opened.tries("payer", "channel", *words, "--network", "local")
        assert ended.code == 1

    shown = opened.does("payer", "channel", "show", "channel.json", "--wallet", "wallet.db")
    assert "Promised: 0 USDC; left: 10 USDC" in shown
    assert "closing" not in shown
