"""`earnest credits`: what could not be pushed to its owner, and waits in one of the contracts."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from earnest.cli.answer import ask, done
from earnest.cli.escrow.options import Accept, Json, Keyed, OnChain, Yes
from earnest.cli.escrow.spread import command
from earnest.cli.options import connected, signer_of

if TYPE_CHECKING:
    from chain import Chain, Receipt, Signer, Token
    from channels import Duplexes, Lanes
    from escrow import Escrow

    Client = Escrow | Lanes | Duplexes

group = typer.Typer(help="Fetch what could not be pushed to its owner.", no_args_is_help=True)


class Keeper(StrEnum):
    """Which contract keeps the credit."""

    ESCROW = "escrow"
    CHANNEL = "channel"
    DUPLEX = "duplex"


Owner = Annotated[str, typer.Argument(metavar="OWNER", help="Whose credit.")]
TokenName = Annotated[str, typer.Option("--token", metavar="TOKEN", help="A symbol of the network, or an address.")]
KeptIn = Annotated[Keeper, typer.Option("--in", help="Which contract keeps it.")]
Tokens = Annotated[
    list[str], typer.Option("--token", metavar="TOKEN", help="By default the network's; repeat it for others.")
]


@command(group)
def show(
    *,
    owner: Owner,
    options: OnChain,
    tokens: Tokens = [],  # noqa: B006
    kept_in: KeptIn = Keeper.ESCROW,
    as_json: Json = False,
) -> None:
    """List an owner's credits, in each token."""
    from chain import Signer

    with connected(options.network, options.rpc) as chain:
        asked = [_token(chain, name) for name in tokens] or None
        waiting = _client(chain, Signer.generate(), kept_in).credits(owner, tokens=asked, as_of="latest")
    if as_json:
        typer.echo(json.dumps([money.to_json() for money in waiting]))
    else:
        typer.echo("\n".join(map(str, waiting)) or "nothing waits")


@command(group)
def withdraw(
    *,
    options: Keyed,
    token: TokenName,
    to: Annotated[str, typer.Option(metavar="ADDRESS", help="Who gets it instead of you.")],
    kept_in: KeptIn = Keeper.ESCROW,
    accept: Accept = [],  # noqa: B006
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Send your whole credit to an address of your choice."""
    said = _Said(options=options, token=token, owner=None, kept_in=kept_in, yes=yes, as_json=as_json)
    _move(said, lambda client, found: client.withdraw_credit(found, to, accept=accept))


@command(group)
def push(
    *,
    owner: Owner,
    options: Keyed,
    token: TokenName,
    kept_in: KeptIn = Keeper.ESCROW,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Send an owner its whole credit; anybody may."""
    said = _Said(options=options, token=token, owner=owner, kept_in=kept_in, yes=yes, as_json=as_json)
    _move(said, lambda client, found: client.push_credit(found, owner))


@dataclass(frozen=True, kw_only=True)
class _Said:
    options: Keyed
    token: str
    owner: str | None
    kept_in: Keeper
    yes: bool
    as_json: bool


def _move(said: _Said, send: "Callable[[Client, Token], Receipt]") -> None:
    signer = signer_of(said.options.keystore, said.options.keyring)
    with connected(said.options.network, said.options.rpc) as chain:
        client, found = _client(chain, signer, said.kept_in), _token(chain, said.token)
        waiting = client.credits(said.owner, tokens=[found], as_of="latest")
        moved = waiting[0] if waiting else found.units(0)
        lines = [f"Credit of {said.owner or signer.address}: {moved}"]
        ask(signer, lines, yes=said.yes, quiet=said.as_json)
        receipt = send(client, found)
    done({"moved": moved.to_json()}, [f"Moved: {moved}"], receipt, as_json=said.as_json)


def _client(chain: "Chain", signer: "Signer", kept_in: Keeper) -> "Client":
    from channels import Duplexes, Lanes
    from escrow import Escrow

    match kept_in:
        case Keeper.ESCROW:
            return Escrow(chain, signer)
        case Keeper.CHANNEL:
            return Lanes(chain, signer)
        case Keeper.DUPLEX:
            return Duplexes(chain, signer)


def _token(chain: "Chain", name: str) -> "Token":
    from earnest.cli.escrow.desk import native_or_token

    return native_or_token(chain, name)
