"""`earnest escrow condition`: conditions as files, the words that are signed for them, and proofs."""

import json
from pathlib import Path
from typing import Annotated

import typer

from chain.member import unhex
from chain.units import address
from earnest.cli.escrow.dossier import create
from earnest.cli.escrow.options import new_file
from earnest.cli.escrow.resolving import prove
from earnest.cli.escrow.spread import command
from earnest.cli.escrow.step import read_condition
from earnest.cli.escrow.vouching import approve, attest
from earnest.cli.escrow.when import length, moment
from escrow import conditions as c

group = typer.Typer(help="Build conditions, sign for them, and put proofs together.", no_args_is_help=True)

Into = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", callback=new_file, help="Where to write it; else it is printed.")
]
Threshold = Annotated[int, typer.Option(metavar="COUNT", min=1, help="How many of them are enough.")]
Children = Annotated[
    list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False, help="Conditions, as files.")
]
Moment = Annotated[str, typer.Option(metavar="TIME", help="A date, or a Unix second.")]


@command(group)
def hash_lock(
    *,
    sha256: Annotated[str | None, typer.Option(metavar="HEX", help="The SHA-256 digest of 32 bytes.")] = None,
    keccak: Annotated[str | None, typer.Option(metavar="HEX", help="Their Keccak-256 digest, instead.")] = None,
    out: Into = None,
) -> None:
    """Release all to whoever shows the preimage of a digest."""
    if (sha256 is None) == (keccak is None):
        raise typer.BadParameter("a hash lock has one digest: --sha256 or --keccak")
    if sha256 is not None:
        _write(c.hash_lock(sha256=unhex("sha256", sha256)), out)
    else:
        _write(c.hash_lock(keccak=unhex("keccak", keccak)), out)


@command(group)
def hash_chain(
    *,
    anchor: Annotated[str, typer.Option(metavar="HEX", help="The link before the first tick.")],
    each: Annotated[int, typer.Option(metavar="UNITS", min=1, help="What a tick releases, in the token's base units.")],
    out: Into = None,
) -> None:
    """Release a value for each tick of a hash chain."""
    _write(c.hash_chain(anchor=unhex("anchor", anchor), each=each), out)


@command(group)
def after(*, time: Moment, out: Into = None) -> None:
    """Release all from a second on."""
    _write(c.after_time(moment(time)), out)


@command(group)
def vesting(
    *,
    start: Moment,
    end: Moment,
    cliff: Annotated[str | None, typer.Option(metavar="TIME", help="Nothing is released before it.")] = None,
    out: Into = None,
) -> None:
    """Release evenly in time, nothing before a cliff."""
    _write(c.vesting(start=moment(start), end=moment(end), cliff=None if cliff is None else moment(cliff)), out)


@command(group)
def approvals(
    *,
    of: Annotated[list[str], typer.Option(metavar="ADDRESS", help="Who may approve; repeat it.")],
    threshold: Threshold,
    out: Into = None,
) -> None:
    """Release what enough of some signers approve."""
    _write(c.approvals(threshold, of=map(address, of)), out)


@command(group)
def attestation(
    *,
    by: Annotated[list[str], typer.Option(metavar="ADDRESS", help="Whose word counts; repeat it.")],
    says: Annotated[str, typer.Option(metavar="TEXT", help="The statement.")],
    about: Annotated[str | None, typer.Option(metavar="HASH", help="Of what; without it, of this payment.")] = None,
    threshold: Threshold = 1,
    out: Into = None,
) -> None:
    """Release the share to which enough attest a statement."""
    topic = None if about is None else unhex("about", about)
    _write(c.attestation(by=list(map(address, by)), says=says, about=topic, threshold=threshold), out)


@command(group)
def price_feed(
    *,
    feed: Annotated[str, typer.Option(metavar="ADDRESS", help="A feed with the interface of AggregatorV3.")],
    phase: Annotated[int, typer.Option(metavar="NUMBER", help="The feed's phase in which the round lies.")],
    time: Moment,
    within: Annotated[str, typer.Option(metavar="LENGTH", help="How late the round may be, as 1h.")],
    none_at: Annotated[int, typer.Option(metavar="PRICE", help="Where nothing is released, in the feed's unit.")],
    all_at: Annotated[int, typer.Option(metavar="PRICE", help="Where all is.")],
    out: Into = None,
) -> None:
    """Release a share by a feed's first price after a time."""
    seconds = int(length(within).total_seconds())
    found = c.price_feed(feed, phase=phase, time=moment(time), within=seconds, none_at=none_at, all_at=all_at)
    _write(found, out)


@command(group)
def all_of(*, files: Children, out: Into = None) -> None:
    """Release what all of them release."""
    _write(c.all_of(*map(read_condition, files)), out)


@command(group)
def any_of(*, files: Children, out: Into = None) -> None:
    """Release what any of them releases."""
    _write(c.any_of(*map(read_condition, files)), out)


@command(group)
def at_least(*, files: Children, threshold: Threshold, out: Into = None) -> None:
    """Release what so many of them release."""
    _write(c.at_least(threshold, *map(read_condition, files)), out)


command(group)(approve)
command(group)(attest)
command(group, "proof")(prove)


def _write(condition: c.Condition, out: Path | None) -> None:
    """To the file, and in words; or only the JSON."""
    if out is None:
        typer.echo(json.dumps(condition.to_json()))
        return
    create(out, condition.to_json())
    typer.echo(f"Asks for {condition.explain()}")
    typer.echo(f"Written to {out}")
