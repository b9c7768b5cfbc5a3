"""`earnest credits`: what could not be pushed to its owner, and waits in the escrow."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from earnest.cli.escrow.options import Json, Keyed, OnChain, Yes
from earnest.cli.escrow.spread import command
from earnest.cli.options import connected, signer_of

if TYPE_CHECKING:
    from chain import Chain, Receipt, Token
    from escrow import Escrow

group = typer.Typer(help="Fetch what could not be pushed to its owner.", no_args_is_help=True)

Owner = Annotated[str, typer.Argument(metavar="OWNER", help="Whose credit.")]
TokenName = Annotated[str, typer.Option("--token", metavar="TOKEN", help="A symbol of the network, or an address.")]
Tokens = Annotated[
    list[str], typer.Option("--token", metavar="TOKEN", help="By default the network's; repeat it for others.")
]


@command(group)
def show(*, owner: Owner, options: OnChain, tokens: Tokens = [], as_json: Json = False) -> None:  # noqa: B006
    """List an owner's credits, in each token."""
    from chain import Signer
    from earnest.cli.escrow.desk import native_or_token
    from escrow import Escrow

    with connected(options.network, options.rpc) as chain:
        asked = [native_or_token(chain, name) for name in tokens] or None
        waiting = Escrow(chain, Signer.generate()).credits(owner, tokens=asked, as_of="latest")
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
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Send your whole credit to an address of your choice."""
    _move(options, token, None, lambda escrow, found: escrow.withdraw_credit(found, to), yes=yes, as_json=as_json)


@command(group)
def push(*, owner: Owner, options: Keyed, token: TokenName, yes: Yes = False, as_json: Json = False) -> None:
    """Send an owner its whole credit; anybody may."""
    _move(options, token, owner, lambda escrow, found: escrow.push_credit(found, owner), yes=yes, as_json=as_json)


def _move(
    options: Keyed,
    token: str,
    owner: str | None,
    send: "Callable[[Escrow, Token], Receipt]",
    *,
    yes: bool,
    as_json: bool,
) -> None:
    from escrow import Escrow

    signer = signer_of(options.keystore, options.keyring)
    with connected(options.network, options.rpc) as chain:
        escrow, found = Escrow(chain, signer), _token(chain, token)
        waiting = escrow.credits(owner, tokens=[found], as_of="latest")
        moved = waiting[0] if waiting else found.units(0)
        typer.echo(f"Credit of {owner or signer.address}: {moved}", err=as_json)
        if not yes:
            typer.confirm(f"Send it from {signer.address}?", abort=True, err=as_json)
        receipt = send(escrow, found)
    if as_json:
        typer.echo(json.dumps({"moved": moved.to_json(), "receipt": receipt.to_json()}))
    else:
        typer.echo(f"Moved: {moved}")
        typer.echo(f"Gas: {receipt.gas_used:,}, fee {receipt.fee}, transaction {receipt.transaction}")


def _token(chain: "Chain", name: str) -> "Token":
    from earnest.cli.escrow.desk import native_or_token

    return native_or_token(chain, name)
