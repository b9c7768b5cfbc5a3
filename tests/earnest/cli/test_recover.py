"""`earnest recover`: a shop loses its till, and tells what is left."""

import json
import sqlite3
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from chain.units import Seconds
from channels.errors import ChannelClosing
from tests.earnest.cli.bench import ADDRESS, HELD, Bench, Ended

OPEN = ("--payee", ADDRESS["payee"], "--deposit", "10", "--token", "USDC", "--closing-period", "1h")
PAYEE = ("recover", "payee", "--as", ADDRESS["payee"])
PAYER = ("recover", "payer", "--as", ADDRESS["payer"])
WHOLE, LOST = 0, 3


@pytest.fixture
def shop(bench: Bench) -> Bench:
    """10 USDC in a lane, 1.5 of it paid by two vouchers; the till was backed up after the first."""
    bench.does("payer", "channel", "open", *OPEN, "--out", "channel.json", "--yes")
    for number, amount in enumerate(("0.5", "1"), 1):
        bench.does("payer", "channel", "pay", "channel.json", amount, "--out", f"{number}.json", "--yes")
        bench.does("payee", "channel", "accept", f"{number}.json")
        if number == 1:
            back_up()
    return bench


def back_up() -> None:
    with closing(sqlite3.connect("till.db")) as source, closing(sqlite3.connect("old.db")) as target:
        source.backup(target)


def recovers(bench: Bench, who: str, *words: str) -> Ended:
    return bench.tries(who, *words, "--network", "local")


def told(bench: Bench, who: str, *words: str) -> Any:
    return json.loads(recovers(bench, who, *words, "--json").out)


def test_the_table_says_what_is_on_chain_recovered_and_lost_at_most(shop: Bench) -> None:
    said = recovers(shop, "payee", *PAYEE, "--copies", "2.json")
    assert said.code == LOST, said
    assert "In all: 10 USDC on chain, 1.50 USDC recovered, 8.50 USDC lost at most" in said.out
    assert ADDRESS["payer"] in said.out


def test_a_backup_is_only_read(shop: Bench) -> None:
    assert not list(Path().glob("old.db-*"))
    before = Path("old.db").read_bytes()
    (sums,) = told(shop, "payee", *PAYEE, "--backup", "old.db")["sums"]
    assert (sums["recovered"], sums["atMostLost"]) == ("500000", "9500000")
    assert Path("old.db").read_bytes() == before
    assert not list(Path().glob("old.db-*"))


def test_what_is_recovered_is_claimed_once(shop: Bench) -> None:
    claims = told(shop, "payee", *PAYEE, "--backup", "old.db", "--copies", "2.json", "--claim", "--yes")["claims"]
    assert claims["paid"] == [shop.usdc("1.5").to_json()]
    assert shop.gained("payee") == 1_500_000
    again = recovers(shop, "payee", *PAYEE, "--copies", "2.json", "--claim", "--yes")
    assert (again.code, shop.gained("payee")) == (LOST, 1_500_000)
    assert "Moved: nothing" in again.out


def test_it_asks_before_it_claims_and_needs_a_key_for_nothing_else(
    shop: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("n\n"))
    asked = recovers(shop, "payee", *PAYEE, "--copies", "2.json", "--claim")
    assert "Claim 1.50 USDC of channel" in asked.out
    assert (asked.code, shop.gained("payee")) == (1, 0)
    monkeypatch.delenv("EARNEST_KEY")
    assert shop._run(*PAYEE, "--network", "local").code == LOST
    assert shop._run(*PAYEE, "--claim", "--network", "local").code == 2


def test_with_the_whole_deposit_paid_nothing_can_be_lost(shop: Bench) -> None:
    shop.does("payer", "channel", "pay", "channel.json", "8.5", "--out", "3.json", "--yes")
    said = recovers(shop, "payee", *PAYEE, "--copies", "3.json", "--out", "report.json")
    assert said.code == WHOLE, said
    assert json.loads(Path("report.json").read_text())["sums"][0]["recovered"] == "10000000"


def test_copies_are_single_objects_or_one_a_line_and_bad_ones_are_named(shop: Bench) -> None:
    one, two = (json.loads(Path(f"{number}.json").read_text()) for number in (1, 2))
    Path("lines.jsonl").write_text(f"{json.dumps(one)}\nnonsense\n{json.dumps(two)}\n")
    Path("bad.json").write_text("[1,")
    found = told(shop, "payee", *PAYEE, "--copies", "lines.jsonl", "--copies", "bad.json", "--copies", "1.json")
    assert found["sums"][0]["recovered"] == "1500000"
    assert [(bad["source"], bad["line"]) for bad in found["ignored"]] == [("lines.jsonl", 2), ("bad.json", 1)]


def test_a_rebuilt_till_delivers_nothing_again(shop: Bench) -> None:
    recovers(shop, "payee", *PAYEE, "--backup", "old.db", "--copies", "1.json", "--rebuild", "new.db")
    shop.refused("payee", ChannelClosing, "channel", "accept", "2.json", "--store", "new.db")
    told_again = recovers(shop, "payee", *PAYEE, "--rebuild", "new.db")
    assert "is not written over" in told_again.err


def test_a_rebuilt_wallet_pays_above_what_was_promised(shop: Bench) -> None:
    blocked = recovers(shop, "payer", *PAYER, "--rebuild", "blocked.db")
    assert blocked.code == LOST
    assert "pays no more before its payee shows its newest voucher" in blocked.out
    good = recovers(shop, "payer", *PAYER, "--copies", "2.json", "--rebuild", "new.db")
    assert good.code == WHOLE, good
    pay = ("channel", "pay", "channel.json", "1", "--yes", "--store")
    assert json.loads(shop.does("payer", *pay, "new.db"))["voucher"]["cumulativeAmount"] == "2500000"
    assert shop.tries("payer", *pay, "blocked.db", "--network", "local").code == 1


def test_of_a_two_way_channel_only_what_a_fight_has_decided_is_recovered(bench: Bench) -> None:
    """Nobody knows a state: the payer may have signed all of it away."""
    new = ("--party-a", ADDRESS["payer"], "--party-b", ADDRESS["payee"], "--token", "USDC", "--closing-period", "1h")
    bench.does("payer", "duplex", "new", *new, "--out", "duplex.json")
    bench.does("payer", "duplex", "deposit", "duplex.json", "10", "--yes")
    duplex = ("recover", "duplex", "--as", ADDRESS["payer"])
    said = recovers(bench, "payer", *duplex)
    assert said.code == LOST, said
    assert "In all: 10 USDC on chain, 0 USDC recovered, 10 USDC lost at most" in said.out
    assert "if nothing newer" in said.out

    bench.does("payee", "duplex", "challenge", "duplex.json", "--yes")
    (row,) = told(bench, "payer", *duplex)["channels"]
    assert (row["recovered"], row["share"], row["isDecided"]) == ("0", "10000000", False)
    bench.chain.travel(to=Seconds(int(row["until"])))
    said = recovers(bench, "payer", *duplex)
    assert said.code == WHOLE, said
    assert "In all: 10 USDC on chain, 10 USDC recovered, 0 USDC lost at most" in said.out
    assert "pay it out now" in said.out


def test_payments_are_listed_with_what_can_be_done(bench: Bench) -> None:
    bench.does("payer", "escrow", "terms", "card", *HELD, "--operator", ADDRESS["operator"], "--out", "deal.json")
    bench.moves("payer", "authorize", "deal.json")
    Path("deal.json").unlink()
    said = recovers(bench, "payee", "recover", "escrow", "--as", ADDRESS["payee"])
    assert said.code == WHOLE, said
    assert "1 payments are open, 0 are over" in said.out
    assert "void" in said.out
    assert "if nobody moves" in said.out
    assert "0 USDC recovered, 0 USDC lost at most" in said.out, "the operator may still give all of it back"
    (row,) = told(bench, "payee", "recover", "escrow", "--as", ADDRESS["operator"])["payments"]
    assert row["payment"]["terms"]["operator"] == ADDRESS["operator"]
    nobody = told(bench, "payee", "recover", "escrow", "--as", ADDRESS["operator"], "--parties-only")
    assert nobody["payments"] == []
