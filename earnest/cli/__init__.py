"""The command line `earnest`: one file a command or group, none of which imports web3 before it runs."""

import sys

from chain.errors import EarnestError


def main() -> None:
    """Runs the command in `sys.argv`; our errors are one line on standard error and exit code 1."""
    import typer

    from earnest.cli.app import app

    try:
        app(prog_name="earnest")
    except EarnestError as error:
        typer.secho(f"{type(error).__name__}: {error}", fg="red", err=True)
        sys.exit(1)
