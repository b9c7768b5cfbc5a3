"""`escrow show` and `escrow watch`: a payment as the chain has it, now and until it has ended."""

import json
import time
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Console

from earnest.cli.escrow.desk import Desk, reading
from earnest.cli.escrow.options import Reading
from earnest.cli.escrow.when import length
from escrow import Holding, Payment, Phase
from escrow.dates import date
from escrow.journal import ChainEvent, Undone
from escrow.journal.events import changes, standing

Every = Annotated[float, typer.Option("--every", metavar="SECONDS", min=0.1, help="How often to ask.")]
For = Annotated[str, typer.Option("--for", metavar="LENGTH", help="How long at most, as 10m.")]
Plain = Annotated[bool, typer.Option("--plain", help="Lines only, as in a log.")]
Since = Annotated[int, typer.Option("--since", metavar="BLOCK", min=0, help="A block before its first event.")]


def show(*, options: Reading) -> None:
    """Read the payment from the chain into the file."""
    with reading(options) as desk:
        desk.keep(desk.payment)
        now = desk.chain.now()
        phase = desk.payment.phase(now) if desk.payment.holding.used else None
        if options.as_json:
            facts = {"payment": desk.payment.to_json(), "phase": phase and phase.value, "now": now}
            typer.echo(json.dumps(facts))
            return
        for line in _state(desk, phase):
            typer.echo(line)


def watch(*, options: Reading, every: Every = 2.0, for_: For = "24h", plain: Plain = False, since: Since = 0) -> None:
    """Follow the payment's events until nothing is held any more. Exit code 1 if the time is up before."""
    until = time.monotonic() + length(for_).total_seconds()
    console = Console()
    with reading(options) as desk:
        waiting = (
            console.status("waiting for the chain") if console.is_terminal and not (plain or options.as_json) else None
        )
        if waiting:
            waiting.start()
        try:
            ended = _follow(desk, until, every, since, as_json=options.as_json)
        finally:
            if waiting:
                waiting.stop()
    raise typer.Exit(code=0 if ended else 1)


def _follow(desk: Desk, until: float, every: float, since: int, *, as_json: bool) -> bool:
    from escrow import Witness

    witness, known = Witness(desk.chain, since=since), list[ChainEvent | Undone]()
    while True:
        # The state first: the events asked for after it tell at least how it came about.
        payment, present = desk.escrow.show(desk.part.terms, as_of="latest"), standing(known)
        news = changes(present, present, witness.events(desk.payment.payment_id))
        for record in news:
            typer.echo(json.dumps({"kind": record.kind, **record.to_json()}) if as_json else _event(desk, record))
        known += news
        if payment.holding.used and not payment.holding.held:
            desk.keep(payment)
            return True
        if time.monotonic() + every > until:
            desk.keep(payment)
            return False
        time.sleep(every)


def _event(desk: Desk, record: ChainEvent | Undone) -> str:
    if isinstance(record, Undone):
        return f"Undone: what block 0x{record.block_hash.hex()} said has not been"
    word = record.args.get("holding")
    held = "" if word is None else f", {desk.token.units(Holding.from_word(int(word)).held)} held"
    return f"{record.name} in block {record.block}{held}"


def _state(desk: Desk, phase: Phase | None) -> Iterator[str]:
    payment: Payment = desk.payment
    yield f"Payment 0x{payment.payment_id.hex()}"
    if phase is None:
        yield "It has not been authorized"
        return
    units, holding = desk.token.units, payment.holding
    yield f"Held: {units(holding.held)}"
    yield f"With the payee, and refundable: {units(holding.refundable)}"
    yield f"Back with the payer, or never there: {units(payment.returned)}"
    if holding.is_disputed:
        yield f"Disputed since {date(holding.disputed_at)}"
    if holding.held:
        ends = "anybody may end it since" if phase is Phase.OVER else "anybody may end it from"
        yield f"Phase: {phase.value}; {ends} {date(payment.end)}"
    else:
        yield "Nothing is held: it has ended"
