"""What a run found, as the files and docs/performance.md hold it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import floor
from pathlib import Path
from typing import Self

from benchmarks.speed.harness import Rates, Spread
from benchmarks.speed.rows import ROWS, ratios

HERE = Path(__file__).parent.parent
_BEGIN, _END = "<!-- speed table -->", "<!-- end of speed table -->"
_RATIOS = "| row | at least | median | quartiles | |\n|---|---:|---:|---:|---|"
_RATES = "| what | a second | quartiles |\n|---|---:|---:|"


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """Spreads by name: of the rows' ratios, and of the tasks' rates."""

    ratios: Mapping[str, Spread]
    rates: Mapping[str, Spread]

    @classmethod
    def of(cls, rates: Rates) -> Self:
        """From the rounds; rounded down, so that the files and the page say the same, and never too much."""
        found = {name: rates.of(name) for name in rates.tasks}
        return cls(ratios=_rounded(ratios(rates)), rates=_rounded(found))

    @classmethod
    def read(cls, folder: Path = HERE) -> Self:
        """The committed run."""
        told = json.loads((folder / "rates.json").read_text("utf-8"))
        ratios, rates = (
            {name: Spread(**spread) for name, spread in told[part].items()} for part in ("ratios", "rates")
        )
        return cls(ratios=ratios, rates=rates)

    def write(self, folder: Path = HERE) -> None:
        """`results.json` is flat, a ratio's median by its row; `rates.json` has the spreads and the rates, too."""
        medians = {name: spread.median for name, spread in self.ratios.items()}
        parts = {"ratios": self.ratios, "rates": self.rates}
        spreads = {part: {name: asdict(spread) for name, spread in found.items()} for part, found in parts.items()}
        for name, told in (("results.json", medians), ("rates.json", spreads)):
            (folder / name).write_text(json.dumps(told, indent=2) + "\n", "utf-8")

    def table(self) -> str:
        """Markdown: the rows in their order, then every task's rate."""
        rows = [self._row(name, row.at_least) for name, row in ROWS.items()]
        rates = [f"| {name} | {s.median:,.0f} | {s.low:,.0f} to {s.high:,.0f} |" for name, s in self.rates.items()]
        return "\n".join([_RATIOS, *rows, "", _RATES, *rates])

    def documented(self, page: str) -> str:
        """The page with its table made anew."""
        before, rest = page.split(_BEGIN)
        return before + _BEGIN + "\n" + self.table() + "\n" + _END + rest.split(_END)[1]

    def _row(self, name: str, at_least: float) -> str:
        found = self.ratios[name]
        least, middle, low, high = map(_text, (at_least, found.median, found.low, found.high))
        verdict = "met" if found.median >= at_least else "**not met**"
        return f"| {name} | {least} | {middle} | {low} to {high} | {verdict} |"


def _text(ratio: float) -> str:
    """Rounded down: a row that is not met never looks as if it were."""
    return f"{int(ratio * 100 + 1e-9) / 100:.2f}" if ratio < 10 else f"{int(ratio * 10 + 1e-9) / 10:.1f}"


def _rounded(found: Mapping[str, Spread]) -> dict[str, Spread]:
    return {
        name: Spread(low=_down(spread.low), median=_down(spread.median), high=_down(spread.high))
        for name, spread in found.items()
    }


def _down(value: float) -> float:
    return floor(value * 10_000) / 10_000
