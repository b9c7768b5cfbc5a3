"""What the lab prints."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from earnest.cli.lab.plot import Attack
from earnest.cli.lab.trials import Result

_RULES = {
    Attack.RACE: "the attacker's share, if the pool is believed",
    Attack.FINNEY: "the attacker's share, if the pool is believed",
    Attack.VECTOR76: "the attacker's share, up to one confirmation",
    Attack.MAJORITY: "Rosenfeld 2014",
}


@contextmanager
def tracked(*, quiet: bool) -> Iterator[Callable[[str, int], Callable[[], object]]]:
    """A bar for each part of the work, where somebody looks on."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bars:
        yield lambda text, length: partial(bars.advance, bars.add_task(text, total=length))


def table(result: Result) -> None:
    """The result, and what it stands on."""
    low, high = result.interval
    rows = Table(show_header=False, box=None, pad_edge=False)
    rows.add_row("Attack", f"{result.attack.value}, by {result.attacker:.4g} of the power")
    rows.add_row("The payee waits for", _waits(result))
    rows.add_row("Tries", f"{result.trials:,} drawn, {result.hits:,} succeed: {_share(result.rate)}")
    rows.add_row("95 % interval", f"{_share(low)} to {_share(high)} (Wilson)")
    rows.add_row("Formula", f"{_share(result.formula)} ({_RULES[result.attack]})")
    if result.nakamoto is not None:
        rows.add_row("", f"{_share(result.nakamoto)} (Nakamoto 2008)")
    rows.add_row("The payee loses", f"{result.lost} over all tries, {result.price} at most in each")
    rows.add_row("Played on the node", f"{result.replayed:,}, of which {result.differing:,} ended otherwise than drawn")
    Console(soft_wrap=True, highlight=False).print(rows)


def _waits(result: Result) -> str:
    if not result.depth:
        return "nothing: on this node the pool counts as the newest block"
    if result.policy.tag:
        return f"the `{result.policy.tag}` block, {result.depth} deep on this node, which has no votes to wait for"
    return result.policy.explain()


def _share(chance: float) -> str:
    return f"{100 * chance:.4g} %"
