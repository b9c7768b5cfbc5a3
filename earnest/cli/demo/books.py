"""Part 5: the books, from balances and contracts as the chain has them."""

from rich.table import Table

from chain import Token
from earnest.cli.demo.stage import CONTRACTS, Stage


def books(stage: Stage) -> None:
    """What came in is what went out and what is still there; nothing has been made or lost."""
    stage.teller.part("Books: paid in = paid out + held + credits, for every token.")
    table = Table("", "paid in", "paid out", "held", "credits", "balance", box=None, padding=(0, 0, 0, 4))
    for column in table.columns:
        column.justify, column.no_wrap = "right", True
    rows = [_row(stage, table, token, name) for token in (stage.usdc, stage.eth) for name in CONTRACTS]
    stage.teller.table(table)
    stage.teller.say("each contract holds what it owes, and owes what it was paid", so=all(rows))
    for token, endowed in stage.endowed.items():
        before, after = sum(endowed.values()), sum(stage.balances(token).values())
        stage.teller.say(f"{token.symbol}: all that anybody had is still somebody's", so=before == after)


def _row(stage: Stage, table: Table, token: Token, name: str) -> bool:
    paid_in, paid_out = stage.paid_in[token, name], stage.paid_out[token, name]
    held = _held(stage, token) if name == "escrow" else _deposited(stage, token)
    waiting = _credits(stage, token, CONTRACTS[name])
    balance = stage.chain.balance(token, stage.chain.address_of(CONTRACTS[name])).units
    figures = (paid_in, paid_out, held, waiting, balance)
    table.add_row(f"{token.symbol} {name}", *(token.units(units).text for units in figures))
    return paid_in == paid_out + held + waiting and held + waiting == balance


def _held(stage: Stage, token: Token) -> int:
    """What the contract says of every payment that was authorized."""
    payments = [payment for payment in stage.payments.values() if payment.terms.token == token.address]
    return sum(stage.ann.escrow.show(payment).holding.held for payment in payments)


def _deposited(stage: Stage, token: Token) -> int:
    """What the contract says of every lane that was opened."""
    ids = [lane_id for lane_id, lane in stage.lanes.items() if lane.channel.token == token.address]
    lanes = [stage.chain.call(CONTRACTS["channels"], "laneOf", lane_id) for lane_id in ids]
    return sum(deposit - settled for deposit, settled, *_ in lanes)


def _credits(stage: Stage, token: Token, contract: str) -> int:
    return sum(stage.chain.call(contract, "credits", token.address, owner) for owner in stage.owners.values())
