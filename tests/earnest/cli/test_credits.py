import json

import pytest

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


def test_anybody_pushes_it_to_its_owner_once(waiting: Bench) -> None:
    before, push = eth(waiting, "payee"), ("credits", "push", ADDRESS["payee"], "--token", "ETH", "--yes")

    answer = json.loads(waiting.does("stranger", *push, "--json"))

    assert answer["moved"]["units"] == str(WEI)
    assert eth(waiting, "payee") == before + WEI
    waiting.refused("stranger", NoCredit, *push)
