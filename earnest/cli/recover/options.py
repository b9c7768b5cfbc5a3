"""What the four searches have in common: whose, from which block, with which copies and which backup."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from chain.copies import Copy, Ignored, read_file
from earnest.cli.escrow.options import Json, OnChain, new_file

LOST = 3
"""The exit code where anything may be lost."""
Account = Annotated[str, typer.Option("--as", metavar="ADDRESS", help="Whose channels or payments.")]
BackupFile = Annotated[
    Path | None,
    typer.Option("--backup", metavar="FILE", exists=True, dir_okay=False, help="An old store; it is only read."),
]
RebuiltFile = Annotated[
    Path | None,
    typer.Option("--rebuild", metavar="FILE", callback=new_file, help="Write a new store, on top of the backup's."),
]


@dataclass(frozen=True, kw_only=True)
class Searching(OnChain):
    """Whose past, and where it is looked for."""

    account: Account
    copies: Annotated[
        list[Path],
        typer.Option(metavar="FILE", exists=True, dir_okay=False, help="What others kept, one JSON a line; repeat it."),
    ] = field(default_factory=list)
    from_block: Annotated[
        int, typer.Option("--from-block", metavar="NUMBER", min=0, help="A block before the first of them was opened.")
    ] = 0
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", callback=new_file, help="Write the whole report as JSON.")
    ] = None
    as_json: Json = False

    def given(self, read: Callable[[str], Any]) -> tuple[list[Copy], list[Ignored]]:
        """What the files hold, and what in them can't be read."""
        found = [one for path in self.copies for one in read_file(path.name, path.read_text("utf-8", "replace"), read)]
        good = [one for one in found if isinstance(one, Copy)]
        return good, [one for one in found if isinstance(one, Ignored)]


@contextmanager
def copied(backup: Path | None) -> Iterator[Path | None]:
    """A copy of the backup, as the database makes it: opening one as restored writes into it."""
    if backup is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        yield copy_of(backup, Path(folder) / "backup.db")


def copy_of(store: Path, to: Path) -> Path:
    """What is committed in an SQLite file, without its mark; where it lies at rest nothing appears beside it."""
    mode = "mode=ro" if store.with_name(f"{store.name}-wal").exists() else "immutable=1"
    try:
        with (
            closing(sqlite3.connect(f"{store.absolute().as_uri()}?{mode}", uri=True)) as source,
            closing(sqlite3.connect(to)) as copy,
        ):
            source.backup(copy)
    except sqlite3.Error as error:
        raise typer.BadParameter(f"{store} can't be read: {error}") from None
    return to
