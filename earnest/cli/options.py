"""What several commands ask for: which chain, through which node, with whose key."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from chain import Chain, Signer

NetworkName = Annotated[
    str, typer.Option("--network", metavar="NAME", help="The network's name, as in `base` or `local`.")
]
Rpc = Annotated[
    list[str],
    typer.Option(
        "--rpc", metavar="URL", envvar="EARNEST_RPC", help="A node's URL; repeat it for nodes to fall back on."
    ),
]
Keystore = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="An encrypted key file; its password is asked for, or in EARNEST_PASSWORD.",
    ),
]
Keyring = Annotated[str | None, typer.Option(metavar="NAME", help="The name of a key in the system's keyring.")]


def connected(network: str, rpc: list[str]) -> "Chain":
    """The chain that the options name."""
    from chain import Chain

    return Chain.connect(network, rpc)


def signer_of(keystore: Path | None, keyring: str | None) -> "Signer":
    """The key that the options name, else the one in the environment variable EARNEST_KEY."""
    from chain import Signer

    if keystore:
        return Signer.keystore(keystore, _password)
    if keyring:
        return Signer.keyring(keyring)
    if key := os.environ.get("EARNEST_KEY"):
        return Signer.from_key(key)
    raise typer.BadParameter("no key to sign with: give --keystore or --keyring, or set EARNEST_KEY")


def _password() -> str:
    return os.environ.get("EARNEST_PASSWORD") or typer.prompt("Password", hide_input=True, err=True)
