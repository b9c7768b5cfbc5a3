"""`channel show`: a channel as the chain has it, and as a party's own store does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from chain import Signer
from channels import Channel, LaneReserve, Lanes
from earnest.cli.channel.desk import earning, paying, read_channel
from earnest.cli.channel.options import ChannelFile, Earning, EpochToo, Paying
from earnest.cli.channel.saying import Lane, plain, state
from earnest.cli.escrow.options import Json, Keyed
from earnest.cli.options import connected
from escrow.dates import date

WalletFile = Annotated[
    Path | None,
    typer.Option("--wallet", metavar="FILE", exists=True, dir_okay=False, help="As the payer's store has it, too."),
]
TillFile = Annotated[
    Path | None,
    typer.Option("--till", metavar="FILE", exists=True, dir_okay=False, help="As the payee's store has it, too."),
]


def show(
    *,
    channel: ChannelFile,
    options: Keyed,
    wallet: WalletFile = None,
    till: TillFile = None,
    epoch: EpochToo = None,
    as_json: Json = False,
) -> None:
    """Read the channel from the chain; with a store, which needs its party's key, into that."""
    known = read_channel(channel)
    lane = _lane(known, options, wallet, till)
    kept = None if epoch is None else _kept(known, options, epoch)
    if as_json:
        typer.echo(json.dumps({"lane": plain(lane), "reserve": None if kept is None else plain(kept)}))
        return
    for line in (*state(lane), *(() if kept is None else _reserve(kept))):
        typer.echo(line)


def _lane(known: Channel, options: Keyed, wallet: Path | None, till: Path | None) -> Lane:
    if wallet and till:
        raise typer.BadParameter("one party has a wallet, the other a till: give one of them")
    if wallet:
        with paying(Paying(**vars(options), store=wallet)) as payer:
            return payer.show(known)
    if till:
        with earning(Earning(**vars(options), store=till)) as payee:
            return payee.show(known)
    with connected(options.network, options.rpc) as chain:
        return Lanes(chain, Signer.generate()).show(known, as_of="latest")


def _kept(known: Channel, options: Keyed, epoch: int) -> LaneReserve:
    with connected(options.network, options.rpc) as chain:
        return Lanes(chain, Signer.generate()).reserve(known, epoch, as_of="latest")


def _reserve(kept: LaneReserve) -> Iterator[str]:
    if kept.left:
        yield f"Kept for promises of epoch {kept.epoch}: {kept.left}, until {date(kept.until)}"
    else:
        yield f"Nothing is kept for promises of epoch {kept.epoch}"
