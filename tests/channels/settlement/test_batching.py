import re
from dataclasses import replace
from pathlib import Path

import pytest

from chain.units import address
from channels import Channel
from channels.settlement import gas
from channels.settlement.batching import by_receiver, in_transactions
from tests.channels.conftest import TOKEN

CONTRACTS = Path(__file__).parents[3] / "contracts" / "money"
RECEIVERS = (gas.MOST_GAS - gas.BATCH) // (gas.PUSH + gas.ROW)


def constant(name: str, file: str) -> int:
    found = re.search(rf"constant {name} = ([\d_]+);", (CONTRACTS / file).read_text("utf-8"))
    assert found
    return int(found[1].replace("_", ""))


def with_token(channel: Channel, number: int) -> Channel:
    return replace(channel, token=address(f"0x{number + 1:040x}"))


def test_a_push_takes_no_more_than_the_contract_gives_it() -> None:
    """Its own look at the balance, the push, and where that fails two looks more and a credit: a new slot and a log."""
    look, push = constant("GAS", "TokenBalance.sol"), constant("TOKEN_PUSH_GAS", "Payouts.sol")
    assert 3 * look + push + 22_100 + 10_000 <= gas.PUSH
    assert push * 64 // 63 + constant("PUSH_SLACK", "Payouts.sol") <= gas.PUSH, "it is asked for before the last push"


def test_what_fits_is_within_a_transactions_limit_with_the_senders_fifth() -> None:
    for rows, receivers in ((gas.MOST_ROWS, 14), (RECEIVERS, RECEIVERS)):
        assert gas.fits(rows, receivers)
        used = gas.BATCH + gas.ROW * rows + gas.PUSH * receivers
        assert used + used // 5 <= 2**24
    assert not gas.fits(gas.MOST_ROWS + 1, 1)
    assert not gas.fits(RECEIVERS + 1, RECEIVERS + 1)


@pytest.mark.parametrize(
    ("tokens", "sizes"),
    [
        ([0] * gas.MOST_ROWS, [gas.MOST_ROWS]),
        ([0] * (gas.MOST_ROWS + 1), [gas.MOST_ROWS, 1]),
        (list(range(RECEIVERS)), [RECEIVERS]),
        (list(range(RECEIVERS + 1)), [RECEIVERS, 1]),
        ([*range(RECEIVERS), 0, RECEIVERS], [RECEIVERS + 1, 1]),
        ([], []),
    ],
)
def test_a_transaction_ends_where_a_row_more_could_be_too_much(
    channel: Channel, tokens: list[int], sizes: list[int]
) -> None:
    rows = [with_token(channel, token) for token in tokens]
    cut = list(in_transactions(rows, lambda row: row))
    assert [len(part) for part in cut] == sizes
    assert [row for part in cut for row in part] == rows


def test_rows_of_another_payee_or_token_are_apart(channel: Channel) -> None:
    other = replace(channel, payee=TOKEN)
    rows = [channel, other, replace(channel, salt=9), with_token(channel, 3)]
    assert sorted(map(len, by_receiver(rows, lambda row: row))) == [1, 1, 2]
