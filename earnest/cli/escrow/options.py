"""What the commands of an escrow have in common, in bundles that `spread` turns into options."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from earnest.cli.options import Keyring, Keystore, NetworkName, Rpc


def new_file(path: Path | None) -> Path | None:
    """Refuses, before anything is done, what could not be written or would be written over."""
    if path is not None and path.exists():
        raise typer.BadParameter(f"{path} is there already, and is not written over")
    if path is not None and not path.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {path.parent}")
    return path


AgreementFile = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The agreement, from `escrow terms`.")
]
PartName = Annotated[
    str | None, typer.Option("--part", metavar="NAME", help="Which part of the agreement, if it has several.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Out = Annotated[
    Path,
    typer.Option("--out", metavar="FILE", callback=new_file, help="Where to write it; nothing is written over."),
]
UpTo = Annotated[
    str | None,
    typer.Option(
        "--up-to", metavar="AMOUNT", help="The total in whole tokens; a total that is repeated moves nothing."
    ),
]
Accept = Annotated[list[str], typer.Option("--accept", metavar="NAME", help="The name of a risk or finding you take.")]
Yes = Annotated[bool, typer.Option("--yes", help="Don't ask before money moves.")]
Deadline = Annotated[
    str | None, typer.Option("--deadline", metavar="TIME", help="Until when it counts: a date or a length, as `1h`.")
]
ConsentFile = Annotated[
    Path, typer.Argument(metavar="CONSENT", exists=True, dir_okay=False, help="What `escrow sign` has written.")
]


@dataclass(frozen=True, kw_only=True)
class OnChain:
    """A chain that must be named."""

    network: NetworkName
    rpc: Rpc


@dataclass(frozen=True, kw_only=True)
class MaybeOnChain:
    """A chain that makes the answer better: amounts in money, and what depends on today."""

    network: Annotated[str | None, typer.Option("--network", metavar="NAME", help="To say amounts in money.")] = None
    rpc: Annotated[
        list[str], typer.Option("--rpc", metavar="URL", envvar="EARNEST_RPC", help="A node's URL; may be repeated.")
    ] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Keyed(OnChain):
    """A chain, and a key that signs."""

    keystore: Keystore = None
    keyring: Keyring = None


@dataclass(frozen=True, kw_only=True)
class About:
    """One payment of an agreement."""

    file: AgreementFile
    part: PartName = None


@dataclass(frozen=True, kw_only=True)
class Reading(About, OnChain):
    """A payment as the chain has it."""

    as_json: Json = False


@dataclass(frozen=True, kw_only=True)
class Signing(About, Keyed):
    """A payment, and a party of it. The journal keeps what was signed, so that consents don't add up."""

    journal: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The journal; by default beside FILE, named `.journal`.")
    ] = None
    as_json: Json = False


@dataclass(frozen=True, kw_only=True)
class Acting(Signing):
    """A party that sends a transaction."""

    yes: Yes = False
