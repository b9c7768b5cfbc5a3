"""Promises inside a state: made, proven, paid, and what they leave."""

import secrets
from typing import Annotated

import typer

from chain.units import Hash32
from channels import DuplexPromise
from earnest.cli.answer import ask
from earnest.cli.channel.options import Acting, Amount, ConditionFile, Epoch, PromiseFile
from earnest.cli.channel.proving import Promised, prove
from earnest.cli.duplex.desk import acting, read_channel, read_state
from earnest.cli.duplex.options import ChannelFile, StateFile
from earnest.cli.duplex.saying import moved, state, told
from earnest.cli.escrow.dossier import create, read_json
from earnest.cli.escrow.options import OnChain, Out
from earnest.cli.escrow.proving import Shown
from earnest.cli.escrow.step import read_condition
from earnest.cli.escrow.when import moment
from earnest.cli.options import connected
from escrow.dates import date

By = Annotated[str, typer.Option("--by", metavar="PARTY", help="Who promises: a or b.")]
Expiry = Annotated[str, typer.Option("--expiry", metavar="TIME", help="It must be proven before: a date, or a length.")]


def promise(
    *,
    channel: ChannelFile,
    amount: Amount,
    options: OnChain,
    by: By,
    condition: ConditionFile,
    expiry: Expiry,
    out: Out,
) -> None:
    """Write a promise for a state: an amount that a condition releases. Signs and sends nothing."""
    known, asked = read_channel(channel), read_condition(condition)
    if by not in {"a", "b"}:
        raise typer.BadParameter("--by is a or b")
    with connected(options.network, options.rpc) as chain:
        money, ends = chain.token(known.token)(amount), moment(expiry, chain.now())
    made = DuplexPromise(
        from_a=by == "a",
        condition=asked.address,
        data_hash=asked.data_hash,
        amount=money.units,
        expiry=ends,
        salt=Hash32(secrets.token_bytes(32)),
    )
    create(out, made.to_json())
    typer.echo(f"{by.upper()} promises {money} for {asked.explain()}, until {date(ends)}\nWritten to {out}")


def record(
    *,
    channel: ChannelFile,
    options: Acting,
    epoch: Epoch,
    promise: PromiseFile,
    condition: ConditionFile,
    shown: Shown,
) -> None:
    """Prove a promise on chain, before it expires; anybody may."""
    known, said = read_channel(channel), DuplexPromise.from_json(read_json(promise))
    with acting(options) as duplexes:
        promised = Promised(client=duplexes, channel=known, epoch=epoch, promise=said)
        prove(
            promised,
            condition,
            shown,
            options,
            lambda proof: duplexes.record(known, epoch, said, proof.condition, proof.shown),
        )


def collect(*, ended_by: StateFile, options: Acting) -> None:
    """Pay what is recorded of an ended epoch's promises; anybody may."""
    last = read_state(ended_by)
    with acting(options) as duplexes:
        kept = duplexes.reserve(last.channel, last.message.epoch, as_of="latest")
        ask(duplexes.signer, state(kept), yes=options.yes, quiet=options.as_json)
        left = duplexes.collect(last.channel, last.message.epoch, last.promises)
        told("collect", left, moved(left.paid), as_json=options.as_json)


def sweep(*, channel: ChannelFile, options: Acting, epoch: Epoch) -> None:
    """Give both what promises have left of an epoch's reserve, once it is over; anybody may."""
    known = read_channel(channel)
    with acting(options) as duplexes:
        kept = duplexes.reserve(known, epoch, as_of="latest")
        ask(duplexes.signer, state(kept), yes=options.yes, quiet=options.as_json)
        left = duplexes.sweep(known, epoch)
        told("sweep", left, moved(left.paid), as_json=options.as_json)
