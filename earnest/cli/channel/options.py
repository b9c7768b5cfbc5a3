"""What the commands of one-way channels have in common."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from earnest.cli.escrow.options import Json, Keyed, Yes

WALLET, TILL = Path("wallet.db"), Path("till.db")
ChannelFile = Annotated[
    Path,
    typer.Argument(
        metavar="CHANNEL",
        exists=True,
        dir_okay=False,
        help="The channel's file, or what is signed in it, as a voucher.",
    ),
]
Amount = Annotated[str, typer.Argument(metavar="AMOUNT", help="In whole tokens, as 0.01.")]
TokenName = Annotated[str, typer.Option("--token", metavar="TOKEN", help="A symbol of the network, or an address.")]
ClosingPeriod = Annotated[
    str, typer.Option("--closing-period", metavar="LENGTH", help="How long a close gives the other to answer, as 1d.")
]
PromiseWindow = Annotated[
    str | None,
    typer.Option("--promise-window", metavar="LENGTH", help="How long promises may hold money after it."),
]
Salt = Annotated[int, typer.Option("--salt", metavar="NUMBER", min=0, help="Sets channels of the same parties apart.")]
VoucherFiles = Annotated[
    list[Path],
    typer.Option(
        "--voucher",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="One that the store does not have; repeat it.",
    ),
]
Take = Annotated[
    str | None, typer.Option("--take", metavar="AMOUNT", help="What you take in all; by default, all that is yours.")
]
Epoch = Annotated[int, typer.Option("--epoch", metavar="NUMBER", min=0, help="Which incarnation of the channel.")]
EpochToo = Annotated[
    int | None, typer.Option("--epoch", metavar="NUMBER", min=0, help="And what this epoch keeps for promises.")
]
PromiseFile = Annotated[
    Path, typer.Option("--promise", metavar="FILE", exists=True, dir_okay=False, help="The promise, as JSON.")
]
ConditionFile = Annotated[
    Path, typer.Option("--condition", metavar="FILE", exists=True, dir_okay=False, help="From `escrow condition`.")
]


@dataclass(frozen=True, kw_only=True)
class Acting(Keyed):
    """Whoever sends a transaction, or signs."""

    as_json: Json = False
    yes: Yes = False


@dataclass(frozen=True, kw_only=True)
class Paying(Acting):
    """The payer, whose store keeps what it has promised."""

    store: Annotated[Path, typer.Option(metavar="FILE", help="What you have promised is kept here.")] = WALLET


@dataclass(frozen=True, kw_only=True)
class Earning(Acting):
    """The payee, whose store keeps the vouchers."""

    store: Annotated[Path, typer.Option(metavar="FILE", help="The vouchers are kept here.")] = TILL
