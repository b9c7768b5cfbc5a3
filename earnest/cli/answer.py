"""What is asked before money moves, and what is answered after."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from chain import Receipt, Signer


def ask(signer: "Signer", lines: Iterable[str], *, yes: bool, quiet: bool, question: str = "Send it from") -> None:
    """Says it in money and asks, unless `yes`; `quiet` keeps standard output for the answer."""
    for line in lines:
        typer.echo(line, err=quiet)
    if not yes:
        typer.confirm(f"{question} {signer.address}?", abort=True, err=quiet)


def done(facts: dict[str, Any], lines: Iterable[str], receipt: "Receipt | None", *, as_json: bool) -> None:
    """The answer of a command that has sent a transaction."""
    if as_json:
        typer.echo(json.dumps(facts | {"receipt": None if receipt is None else receipt.to_json()}))
        return
    for line in (*lines, *cost(receipt)):
        typer.echo(line)


def cost(receipt: "Receipt | None") -> Iterator[str]:
    """What a transaction has used, and what it could not push."""
    if receipt is None:
        return
    yield f"Gas: {receipt.gas_used:,}, fee {receipt.fee}, transaction {receipt.transaction}"
    if any(event.name == "Credited" for event in receipt.events):
        yield "Something could not be pushed and waits as a credit: see `earnest credits show`"
