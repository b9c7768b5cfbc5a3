"""`earnest lab`: attacks on a local node against a policy of yours, beside what the formulas say."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from earnest.cli.lab.plot import Attack

if TYPE_CHECKING:
    from chain.finality import Finality

_RISK = "risk:ATTACKER:ACCEPT or risk:ATTACKER:ACCEPT:FORMULA"
_WORST = 0.45
"""The largest share that is drawn: nearer to half, one try takes millions of blocks."""


def lab(
    attack: Annotated[Attack, typer.Argument(help="What the attacker does.", show_choices=True)],
    *,
    finality: Annotated[
        str,
        typer.Option(
            metavar="POLICY", help="When the payee serves: instant, safe, finalized, risk or risk:ATTACKER:ACCEPT."
        ),
    ] = "risk",
    depth: Annotated[
        int | None, typer.Option(metavar="BLOCKS", min=1, max=200, help="Or after so many confirmations.")
    ] = None,
    attacker: Annotated[
        float, typer.Option(metavar="SHARE", min=0, max=_WORST, help="The attacker's share of the power.")
    ] = 0.1,
    trials: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many tries are drawn.")] = 10_000,
    replayed: Annotated[int, typer.Option(min=0, max=10_000, help="How many of them are played on the node.")] = 100,
    seed: Annotated[int, typer.Option(help="The same one draws the same tries.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
) -> None:
    """Try to rob a payee on a local anvil: with transactions, withheld blocks and reorganisations.

    Exit code 1 if a try ends otherwise on the node than as drawn.
    """
    from earnest.cli.lab.report import table, tracked
    from earnest.cli.lab.run import run

    policy = _policy(finality, depth)
    with tracked(quiet=as_json) as progress:
        result = run(attack, attacker, policy, trials=trials, replayed=replayed, seed=seed, progress=progress)
    typer.echo(json.dumps(result.to_json())) if as_json else table(result)
    raise typer.Exit(code=1 if result.differing else 0)


def _policy(text: str, depth: int | None) -> "Finality":
    from chain.errors import InvalidValue
    from chain.finality import Finality

    if depth is not None:
        return Finality.confirmations(depth)
    kind, *numbers = text.split(":")
    try:
        if kind == "risk":
            return Finality.risk(*[float(number) for number in numbers[:2]], *numbers[2:])  # type: ignore[arg-type]
        return Finality.from_json(text)
    except InvalidValue as wrong:
        raise typer.BadParameter(f"--finality {text}: {wrong}") from None
    except (ValueError, TypeError):
        raise typer.BadParameter(f"--finality {text}: a risk is {_RISK}, with a number for the first two") from None
