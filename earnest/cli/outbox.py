"""`earnest outbox`: what is still to happen, and calling it off."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from earnest.cli.escrow.options import Json
from earnest.cli.options import NetworkName

if TYPE_CHECKING:
    from chain.outbox import Entry
    from chain.stores.outbox import OutboxStore

group = typer.Typer(help="See what an outbox has sent and has still to send, and call it off.", no_args_is_help=True)
Store = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The outbox.")]


@group.command()
def show(
    store: Store,
    network: NetworkName,
    all_: Annotated[bool, typer.Option("--all", help="Also what has ended.")] = False,
    as_json: Json = False,
) -> None:
    """What is open: its key, its stage, its nonce and the newest bid."""
    opened = _opened(store, network)
    entries = [entry for entry in opened.entries() if all_ or entry.open]
    opened.close()
    if as_json:
        typer.echo(json.dumps([entry.to_json() for entry in entries]))
        return
    for entry in entries:
        typer.echo(_line(entry))
    if not entries:
        typer.echo("Nothing is open")


@group.command()
def cancel(
    store: Store,
    network: NetworkName,
    key: Annotated[str, typer.Argument(metavar="KEY", help="The intent's key.")],
    as_json: Json = False,
) -> None:
    """Ask for a transaction that does nothing in its place; whoever serves the outbox sends it, the chain decides."""
    opened = _opened(store, network)
    entry = opened.cancel(key)
    opened.close()
    typer.echo(json.dumps(entry.to_json()) if as_json else _line(entry))


@group.command()
def restored(store: Store, network: NetworkName) -> None:
    """Go on from an old backup: nothing in it gets another nonce by itself, since it may have happened since."""
    opened = _opened(store, network, restored=True)
    for entry in opened.entries():
        if entry.restored:
            typer.echo(_line(entry))
    for account, nonce in opened.next_nonces().items():
        typer.echo(f"{account}: what it sent with nonces from {nonce} on is not in this file")
    opened.close()


@group.command()
def resubmit(
    store: Store,
    network: NetworkName,
    key: Annotated[str, typer.Argument(metavar="KEY", help="The intent's key.")],
    as_json: Json = False,
) -> None:
    """Send what was refused, also where a backup has forgotten whether it happened: look at the chain first."""
    opened = _opened(store, network)
    entry = opened.resubmit(key)
    opened.close()
    typer.echo(json.dumps(entry.to_json()) if as_json else _line(entry))


def _opened(store: Path, network: str, *, restored: bool = False) -> "OutboxStore":
    from chain import network as networks
    from chain.stores.outbox import OutboxStore

    return OutboxStore(store, networks.load(network).chain_id, restored=restored)


def _line(entry: "Entry") -> str:
    facts = [entry.intent.key, f"{entry.stage}{', to be cancelled' if entry.open and entry.cancelled else ''}"]
    if entry.nonce is not None:
        gwei = entry.newest.price.max_fee / 10**9
        facts += [f"nonce {entry.nonce}", f"{len(entry.attempts)} signed, the newest bids {gwei:g} gwei"]
    facts += [entry.transaction or (entry.newest.transaction if entry.attempts else ""), entry.why]
    return "; ".join(fact for fact in facts if fact)
