"""One milestone, as it is written on the command line."""

from pathlib import Path
from typing import Any

import typer

from chain import Token
from chain.units import Seconds
from earnest.cli.escrow.dossier import read_json
from earnest.cli.escrow.when import moment, split
from escrow import Step
from escrow.conditions import Condition

_KEYS = ("condition", "expiry", "if-expired")


def step(text: str, token: Token, now: Seconds) -> tuple[str, Step]:
    """`NAME=AMOUNT`, then what this step has of its own, as `,condition=FILE,expiry=30d,if-expired=payee`."""
    first, *rest = text.split(",")
    name, amount = _pair(first, text)
    own = dict(_pair(part, text) for part in rest)
    if not set(own) <= set(_KEYS):
        raise typer.BadParameter(f"a step has its own {', '.join(_KEYS)}, nothing else: {text!r}")
    said: dict[str, Any] = {}
    if "condition" in own:
        said["condition"] = read_condition(Path(own["condition"]))
    if "expiry" in own:
        said["expiry"] = moment(own["expiry"], now)
    if "if-expired" in own:
        said["if_expired"] = split(own["if-expired"])
    return name, Step(amount=token(amount), **said)


def read_condition(path: Path) -> Condition:
    """From a file of `escrow condition`. Raises `InvalidValue`."""
    if not path.is_file():
        raise typer.BadParameter(f"there is no file {path}")
    return Condition.from_json(read_json(path))


def _pair(text: str, whole: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"write a step as NAME=AMOUNT, not {whole!r}")
    return name, value
