"""`earnest key`: keys in encrypted files. A key itself is never printed, nor taken from the command line."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from earnest.cli.escrow.options import new_file
from earnest.cli.options import Keyring, Keystore, signer_of

if TYPE_CHECKING:
    from chain import Signer

group = typer.Typer(help="Make and look at keys in encrypted files.", no_args_is_help=True)

NewFile = Annotated[
    Path, typer.Argument(metavar="FILE", callback=new_file, help="Where to keep it; nothing is written over.")
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        exists=True, dir_okay=False, metavar="FILE", help="Its first line; else EARNEST_PASSWORD, or it is asked for."
    ),
]


@group.command()
def new(file: NewFile, password_file: PasswordFile = None) -> None:
    """Make a random key, and keep it in an encrypted file."""
    from chain import Signer

    _keep(Signer.generate(), file, password_file)


@group.command("import")
def import_(
    file: NewFile,
    key_file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, metavar="FILE", help="The key as 0x hex; else it is asked for."),
    ] = None,
    password_file: PasswordFile = None,
) -> None:
    """Keep a key that you have in an encrypted file."""
    from chain import Signer

    text = key_file.read_text("utf-8").strip() if key_file else typer.prompt("Key", hide_input=True, err=True)
    _keep(Signer.from_key(text), file, password_file)


@group.command()
def show(keystore: Keystore = None, keyring: Keyring = None) -> None:
    """Say the address of a key that opens."""
    typer.echo(signer_of(keystore, keyring).address)


def _keep(signer: "Signer", file: Path, password_file: Path | None) -> None:
    password = _password(password_file)
    if not password:
        raise typer.BadParameter("an empty password protects nothing")
    signer.save(file, password)
    typer.echo(f"The key of {signer.address} is in {file}")


def _password(file: Path | None) -> str:
    if file:
        return file.read_text("utf-8").partition("\n")[0]
    if "EARNEST_PASSWORD" in os.environ:
        return os.environ["EARNEST_PASSWORD"]
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
