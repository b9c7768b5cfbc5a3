"""`earnest evidence`: a payment's journal, what is shown of it, and whether it holds together."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from earnest.cli.escrow import dossier
from earnest.cli.escrow.desk import reading
from earnest.cli.escrow.dossier import beside
from earnest.cli.escrow.options import About, MaybeOnChain, Out, Reading
from earnest.cli.escrow.spread import command
from earnest.cli.options import Keyring, Keystore, connected, signer_of

if TYPE_CHECKING:
    from escrow.evidence import OpenJournal
    from escrow.journal import File

group = typer.Typer(help="Keep what an arbiter may have to see, and check what others show.", no_args_is_help=True)

JournalPath = Annotated[
    Path | None, typer.Option("--journal", metavar="FILE", help="By default beside FILE, named `.journal`.")
]
Files = Annotated[list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False, help="The files.")]
Given = Annotated[
    list[Path], typer.Option("--file", metavar="FILE", exists=True, dir_okay=False, help="A file it names; repeat it.")
]


@command(group)
def init(*, options: Reading, journal: JournalPath = None) -> None:
    """Begin a payment's journal, or write down what is new on chain."""
    from escrow import JournalFile, Witness

    with reading(options) as desk, JournalFile(journal or beside(options.file)) as journals:
        desk.keep(desk.payment)
        opened = journals.open(desk.payment, desk.part.condition)
        added = Witness(desk.chain).follow(opened)
        typer.echo(f"{len(added)} events added; head 0x{opened.head.hex()}")


@command(group)
def note(
    *,
    about: About,
    text: Annotated[str, typer.Option(metavar="TEXT", help="What you have to say.")],
    keystore: Keystore = None,
    keyring: Keyring = None,
    journal: JournalPath = None,
) -> None:
    """Write a text with your signature under it."""
    signer = signer_of(keystore, keyring)
    with _journal(about, journal) as opened:
        opened.say(text, signer)
        typer.echo(f"head 0x{opened.head.hex()}")


@command(group)
def file(*, about: About, path: Files, journal: JournalPath = None) -> None:
    """Write down files by their hash; they stay where they are."""
    from escrow import Evidence

    with _journal(about, journal) as opened:
        shown = Evidence.files(*path, journal=opened)
        for found in shown.shown:
            typer.echo(f"{found.name}: {found.size} bytes, SHA-256 0x{found.sha256.hex()}")
        typer.echo(f"head 0x{shown.hash.hex()}")


@command(group)
def export(*, about: About, out: Out, journal: JournalPath = None) -> None:
    """Write the journal as a file for others."""
    from escrow.journal import write_export

    with _journal(about, journal) as opened:
        with out.open("xb") as target:
            target.write(write_export(opened.read()))
        typer.echo(f"Written to {out}; head 0x{opened.head.hex()}")


@command(group)
def verify(
    *,
    exported: Annotated[
        Path, typer.Argument(metavar="EXPORT", exists=True, dir_okay=False, help="What `evidence export` has written.")
    ],
    options: MaybeOnChain,
    given: Given = [],  # noqa: B006
) -> None:
    """Check an exported journal, against a chain if one is named. Exit code 1 if something is wrong."""
    from escrow import Witness
    from escrow.journal import read_export
    from escrow.journal import verify as alone

    shown, files = read_export(exported.read_bytes()), _measured(given)
    if options.network is None:
        report = alone(shown, files=files)
    else:
        with connected(options.network, options.rpc) as chain:
            report = Witness(chain).verify(shown, files=files)
    typer.echo(report)
    if not report.sound:
        raise typer.Exit(code=1)


@contextmanager
def _journal(about: About, journal: Path | None) -> "Iterator[OpenJournal]":
    """The payment's, which `init` or a verb has begun. Raises `UnknownJournal`."""
    from escrow import JournalFile

    found = dossier.load(about.file)
    part = found.part(about.part)
    if part.name not in found.payments:
        raise typer.BadParameter("no chain has been asked about this payment: begin with `evidence init`")
    with JournalFile(journal or beside(about.file)) as journals:
        yield journals.find(found.payments[part.name].payment_id)


def _measured(paths: list[Path]) -> "dict[str, File]":
    from escrow.evidence import measure

    return {found.name: found for found in map(measure, paths)}
