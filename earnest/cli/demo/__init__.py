"""`earnest demo`: the main job, told in five parts, every figure measured as it runs."""

from typing import Annotated

import typer


def demo(
    payments: Annotated[
        int, typer.Option(metavar="COUNT", min=200, max=1_000_000, help="How many to make through the channel.")
    ] = 10_000,
) -> None:
    """Tell the story of an escrow and a channel on a chain in this process. Exit code 1 if a check fails."""
    from earnest.cli.demo.story import tell

    raise typer.Exit(code=tell(payments))
