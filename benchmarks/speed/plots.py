"""The curves of benchmarks/scaling.json as docs/plots/*.svg; the same data gives the same bytes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

FOLDER = Path(__file__).parents[2] / "docs/plots"
_STYLE: Any = {"svg.hashsalt": "earnest", "svg.fonttype": "none", "font.family": "sans-serif", "axes.grid": True}
_SIZE = (6.4, 3.6)
Curve = Mapping[Any, float]


def draw(scaling: Mapping[str, Mapping[str, Curve]], folder: Path = FOLDER) -> None:
    """One picture a measurement."""
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(_STYLE):
        for name, (x, y, log_y) in _AXES.items():
            figure = _figure(scaling[name], x, y, log_y=log_y)
            figure.savefig(folder / f"{name}.svg", metadata={"Date": None})


_AXES = {
    "gas_per_payment": ("payments through one channel", "gas a payment", True),
    "processes": ("processes on one PostgreSQL", "payments accepted a second", False),
    "channels": ("channels in the store", "payments accepted a second", False),
    "memory": ("open channels", "bytes of memory a channel", False),
}
"""By measurement: what goes right, what goes up, and whether that is drawn by its logarithm."""


def _figure(curves: Mapping[str, Curve], x: str, y: str, *, log_y: bool) -> Figure:
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.subplots()
    for label, curve in curves.items():
        axes.plot([int(count) for count in curve], list(curve.values()), marker="o", label=label)
    _scale(axes, [int(count) for curve in curves.values() for count in curve], log_y=log_y)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.legend(fontsize="small")
    return figure


def _scale(axes: Any, counts: list[int], *, log_y: bool) -> None:
    if max(counts) >= 100 * min(counts):
        axes.set_xscale("log")
    else:
        axes.set_xticks(sorted(set(counts)))
    if log_y:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
