"""What the commands of two-way channels have in common."""

from pathlib import Path
from typing import Annotated

import typer

ChannelFile = Annotated[
    Path,
    typer.Argument(
        metavar="CHANNEL", exists=True, dir_okay=False, help="The channel's file, from `duplex new`, or a state of it."
    ),
]
StateFile = Annotated[
    Path, typer.Argument(metavar="STATE", exists=True, dir_okay=False, help="A state with its signatures.")
]
FormFile = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="What the other party has proposed.")
]
MaybeState = Annotated[
    Path | None,
    typer.Option("--state", metavar="FILE", exists=True, dir_okay=False, help="The state that is posted; or none."),
]
AOwes = Annotated[str | None, typer.Option("--a-owes", metavar="AMOUNT", help="What A owes B in all.")]
BOwes = Annotated[str | None, typer.Option("--b-owes", metavar="AMOUNT", help="What B owes A in all.")]
PromiseFiles = Annotated[
    list[Path],
    typer.Option("--promise", metavar="FILE", exists=True, dir_okay=False, help="From `duplex promise`; repeat it."),
]
