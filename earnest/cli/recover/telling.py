"""A report for people: one table a token, its sums, and what was not counted. Standard error shows how far it is."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from channels.recovery.sums import Row, Sums
from earnest.cli.escrow.dossier import create
from earnest.cli.recover.options import LOST, Searching

if TYPE_CHECKING:
    from chain import Address, Chain, Token
    from chain.copies import Ignored

Say = Callable[[str, int, int], None]
_WIDE = 400
"""Columns: a narrow terminal breaks lines, but no sum is ever cut."""


class Told(Protocol):
    """Any of the reports."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing can be lost."""

    @property
    def ignored(self) -> "Sequence[Ignored]":
        """What was not counted."""

    def to_json(self) -> dict[str, Any]:
        """All of it."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The report's `rows`; `columns` stand before the sums, `cells` fill them, and `note` ends the line."""

    rows: Callable[[Any], Sequence[Row]]
    columns: tuple[str, ...]
    cells: "Callable[[Any, Token], tuple[str, ...]]"
    note: Callable[[Any], str]


@contextmanager
def watched() -> Iterator[Say]:
    """Draws where standard error is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        tasks: dict[str, Any] = {}

        def say(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done, total=total)

        yield say


def tell(chain: "Chain", options: Searching, report: Told, shape: Shape, *, more: dict[str, Any] | None = None) -> None:
    """The report, on disk if asked for; in JSON with what `more` there is. Exit code 3 where anything can be lost."""
    rows = shape.rows(report)
    if options.out:
        create(options.out, report.to_json())
    if options.as_json:
        typer.echo(json.dumps(report.to_json() | (more or {})))
    else:
        console = Console(width=_WIDE, soft_wrap=True, highlight=False)
        for sums in Sums.of(rows):
            token = token_of(chain, sums.token)
            console.print(_table(token, [row for row in rows if row.token == sums.token], shape))
            console.print(*_sums(sums, token), sep="\n")
        for line in _ends(report, rows):
            console.print(line, markup=False)
    if not report.is_whole:
        raise typer.Exit(code=LOST)


def token_of(chain: "Chain", address: "Address") -> "Token":
    """The native currency too."""
    return chain.native if address == chain.native.address else chain.token(address)


def short(data: bytes) -> str:
    """Enough of an id to tell it from the others; the JSON has all of it."""
    return f"0x{data.hex()[:8]}…"


def _table(token: "Token", rows: Iterable[Row], shape: Shape) -> Table:
    table = Table(title=token.symbol, title_justify="left", box=None, pad_edge=False)
    for name in (*shape.columns, "on chain", "recovered", "at most lost", ""):
        table.add_column(name, no_wrap=True)
    for row in rows:
        sums = [token.units(sum_).text for sum_ in (row.on_chain, row.recovered, row.at_most_lost)]
        table.add_row(*shape.cells(row, token), *sums, shape.note(row))
    return table


def _sums(sums: Sums, token: "Token") -> Iterator[str]:
    on_chain, recovered, lost = map(token.units, (sums.on_chain, sums.recovered, sums.at_most_lost))
    yield f"In all: {on_chain} on chain, {recovered} recovered, {lost} lost at most"


def _ends(report: Told, rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        yield "Nothing is open"
    for one in report.ignored:
        place = f"{one.source}, line {one.line}" if one.line else one.source
        yield f"Ignored {place}: {one.why}"
