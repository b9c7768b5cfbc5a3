import json

import pytest

from chain.preflight import PreflightRefused
from chain.refusals import NoCredit
from tests.earnest.cli.bench import ADDRESS, JUDGED, Bench

WEI = 10**18
SALE = ("--payer", ADDRESS["payer"], "--payee", ADDRESS["payee"], "--token", "ETH", "--amount", "1")


@pytest.fixture
def waiting(bench: Bench) -> Bench:
    """1 ETH could not be pushed to the payee, who refuses it."""
    terms = (*SALE, "--expiry", "14d", "--if-expired", "payer", *JUDGED, "--out", "deal.json")
    bench.does("payer", "escrow", "terms", "purchase", *terms)
    bench.moves("payer", "authorize", "deal.json")
    bench.chain.set_code(ADDRESS["payee"], b"\xfe")
    said = bench.does("payer", "escrow", "release", "deal.json", "--yes")
    assert "waits as a credit" in said
    bench.chain.set_code(ADDRESS["payee"], b"")
    return bench


def eth(bench: Bench, who: str) -> int:
    return bench.chain.balance(bench.chain.native, ADDRESS[who]).units


def test_a_credit_is_shown(waiting: Bench) -> None:
    assert waiting.does("stranger", "credits", "show", ADDRESS["payee"]) == "1 ETH\n"
    shown = json.loads(waiting.does("stranger", "credits", "show", ADDRESS["payee"], "--token", "ETH", "--json"))
    assert [money["units"] for money in shown] == [str(WEI)]
    assert waiting.does("stranger", "credits", "show", ADDRESS["payee"], "--token", "USDC") == "nothing waits\n"


def test_its_owner_sends_it_elsewhere(waiting: Bench) -> None:
    before = eth(waiting, "stranger")

    said = waiting.does("payee", "credits", "withdraw", "--token", "ETH", "--to", ADDRESS["stranger"], "--yes")

    assert "Moved: 1 ETH" in said
    assert eth(waiting, "stranger") == before + WEI


def test_it_goes_to_no_burn_address_unless_one_takes_that_by_name(waiting: Bench) -> None:
    withdraw = ("credits", "withdraw", "--token", "ETH", "--to", "0x" + "77" * 20, "--yes")

    waiting.refused("payee", PreflightRefused, *withdraw)

    assert "Moved: 1 ETH" in waiting.does("payee", *withdraw, "--accept", "BurnAddress")


def test_anybody_pushes_it_to_its_owner_once(waiting: Bench) -> None:
    before, push = eth(waiting, "payee"), ("credits", "push", ADDRESS["payee"], "--token", "ETH", "--yes")

    answer = json.loads(waiting.does("stranger", *push, "--json"))

    assert answer["moved"]["units"] == str(WEI)
    assert eth(waiting, "payee") == before + WEI
    waiting.refused("stranger", NoCredit, *push)


def refused_by_its_owner(bench: Bench, *words: str) -> None:
    """1 ETH waits, since the payee could not take it."""
    bench.chain.set_code(ADDRESS["payee"], b"\xfe")
    assert "waits as a credit" in bench.does("stranger", *words, "--yes")
    bench.chain.set_code(ADDRESS["payee"], b"")


def pushed(bench: Bench, kind: str) -> None:
    before = eth(bench, "payee")
    assert bench.does("stranger", "credits", "show", ADDRESS["payee"]) == "nothing waits\n"
    assert bench.does("stranger", "credits", "show", ADDRESS["payee"], "--in", kind) == "1 ETH\n"

    bench.does("stranger", "credits", "push", ADDRESS["payee"], "--token", "ETH", "--in", kind, "--yes")

    assert eth(bench, "payee") == before + WEI


def test_a_one_way_channels_credit_is_kept_apart(bench: Bench) -> None:
    opened = ("--payee", ADDRESS["payee"], "--deposit", "1", "--closing-period", "1h", "--token", "ETH")
    bench.does("payer", "channel", "open", *opened, "--out", "channel.json", "--yes")
    bench.does("payer", "channel", "pay", "channel.json", "1", "--out", "paid.json", "--yes")
    refused_by_its_owner(bench, "channel", "claim", "--voucher", "paid.json")

    pushed(bench, "channel")


def test_a_two_way_channels_credit_is_kept_apart(bench: Bench) -> None:
    parties = ("--party-a", ADDRESS["payer"], "--party-b", ADDRESS["payee"], "--closing-period", "1h", "--token", "ETH")
    bench.does("payer", "duplex", "new", *parties, "--out", "duplex.json")
    bench.does("payer", "duplex", "deposit", "duplex.json", "1", "--yes")
    bench.does("payer", "duplex", "propose-close", "duplex.json", "--a-owes", "1", "--out", "half.json")
    bench.does("payee", "duplex", "sign", "half.json", "--out", "close.json", "--yes")
    refused_by_its_owner(bench, "duplex", "close", "close.json")

    pushed(bench, "duplex")
