"""`duplex show`: a two-way channel as the chain has it."""

import json
from collections.abc import Iterator

import typer

from chain import Signer
from channels import ChainDuplex, ChainDuplexReserve, ChainFight, Duplexes
from earnest.cli.channel.options import EpochToo
from earnest.cli.channel.saying import plain
from earnest.cli.duplex.desk import read_channel
from earnest.cli.duplex.options import ChannelFile
from earnest.cli.duplex.saying import state
from earnest.cli.escrow.options import Json, OnChain
from earnest.cli.options import connected


def show(*, channel: ChannelFile, options: OnChain, epoch: EpochToo = None, as_json: Json = False) -> None:
    """Read deposits, the fight if there is one, and what an ended epoch keeps for promises."""
    known = read_channel(channel)
    with connected(options.network, options.rpc) as chain:
        duplexes = Duplexes(chain, Signer.generate())
        now = duplexes.show(known, as_of="latest")
        fight = duplexes.fight(known, now.epoch, as_of="latest")
        kept = None if epoch is None else duplexes.reserve(known, epoch, as_of="latest")
    if as_json:
        facts = {"channel": now, "fight": fight if fight.deadline else None, "reserve": kept}
        typer.echo(json.dumps({name: found and plain(found) for name, found in facts.items()}))
        return
    for line in _lines(now, fight, kept):
        typer.echo(line)


def _lines(now: ChainDuplex, fight: ChainFight, kept: ChainDuplexReserve | None) -> Iterator[str]:
    yield from state(now)
    if fight.deadline:
        yield from state(fight)
    if kept is not None:
        yield from state(kept)
