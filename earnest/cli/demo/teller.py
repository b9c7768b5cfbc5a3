"""What the demo prints, and whether all that it says was true."""

import time
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from chain.errors import EarnestError

_WIDTH = 76


class Teller:
    """Prints parts and lines; a line is true, or the demo has failed."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._parts = self._checks = 0
        self._failed: list[str] = []
        self._began = time.monotonic()

    def part(self, title: str) -> None:
        """Starts the next part."""
        self._parts += 1
        self._console.print(f"[bold]{self._parts} {escape(title)}[/bold]", highlight=False, soft_wrap=True)

    def say(self, text: str, *, gas: int | None = None, so: bool | None = None) -> None:
        """One line of the part; `so` is whether what it says was found true, None for a figure as it was measured."""
        self._checks += so is not None
        if so is False:
            self._failed.append(text)
        cost = "" if gas is None else f"{gas:>9,} gas"
        mark = " [red]WRONG[/red]" if so is False else ""
        line = f"    {text:<{_WIDTH}}{cost}".rstrip()
        self._console.print(f"{escape(line)}{mark}", highlight=False, soft_wrap=True)

    def refused(self, text: str, kind: type[EarnestError], action: Callable[..., object], *args: Any) -> None:
        """One line for an action that must be refused by this error; its facts are shown."""
        try:
            action(*args)
        except kind as error:
            self.say(f"{text}: {kind.__name__}, {error}", so=True)
        else:
            self.say(f"{text}: should have been refused by {kind.__name__}", so=False)

    def table(self, table: Table) -> None:
        """Shown as it is."""
        self._console.print(table)

    def progress(self) -> Progress:
        """For long work; nothing is drawn where the output is no terminal."""
        columns = (TextColumn("    {task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        return Progress(*columns, console=self._console, transient=True, disable=not self._console.is_terminal)

    def end(self) -> int:
        """The verdict, as an exit code."""
        seconds = time.monotonic() - self._began
        for text in self._failed:
            self._console.print(f"[red]WRONG:[/red] {escape(text)}", highlight=False)
        held = self._checks - len(self._failed)
        self._console.print(f"{held} of {self._checks} checks hold, in {seconds:.1f} s.", highlight=False)
        return 1 if self._failed else 0
