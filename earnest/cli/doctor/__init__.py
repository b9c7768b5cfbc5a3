"""`earnest doctor`: what is wrong here, and what to do about it."""

from typing import Annotated

import typer

from earnest.cli.options import Rpc


def doctor(
    network: Annotated[
        str | None, typer.Option(metavar="NAME", help="Also look at this network, through the nodes given.")
    ] = None,
    rpc: Rpc = [],  # noqa: B006  # typer reads it
) -> None:
    """Look at this environment and, if they are given, at nodes. Exit code 1 if something that is needed is wrong."""
    from earnest.cli.doctor.environment import environment
    from earnest.cli.doctor.network import network as look_at
    from earnest.cli.doctor.tools import tools

    if network and not rpc:
        raise typer.BadParameter("--network needs at least one --rpc")
    wrong = 0
    for findings in (environment(), tools(), look_at(network, rpc) if network else ()):
        for finding in findings:
            typer.echo(finding)
            wrong += finding.needed and not finding.ok
    raise typer.Exit(code=1 if wrong else 0)
