"""`earnest worker`: what a payee runs beside its shop."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chain.errors import ExtraMissing

if TYPE_CHECKING:
    from earnest.worker.config import Config
    from earnest.worker.webhooks.deliveries import Deliveries


def worker(
    config: Annotated[
        Path, typer.Option(metavar="FILE", exists=True, dir_okay=False, help="What it does, in TOML.")
    ] = Path("worker.toml"),
    check: Annotated[bool, typer.Option("--check", help="Only say what it would do.")] = False,
    enable: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only let a disabled endpoint go on where it stopped.")
    ] = None,
    reread: Annotated[
        bool, typer.Option("--reread", help="Only forget what was told, after the follower's file was made anew.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Only let the follower go on: its final block is right, you have looked.")
    ] = False,
) -> None:
    """Follow the chain, claim what is owed and tell the shop by signed webhooks, until Ctrl-C. Any number may run."""
    from earnest.worker.plan import plan
    from earnest.worker.reading import read_config

    found = read_config(config, os.environ)
    if check:
        typer.echo("\n".join(plan(found)))
    elif enable is not None:
        typer.echo(f"Deliveries that are due now: {_deliveries(found).enable(enable)}")
    elif reread:
        _deliveries(found).read_again()
        typer.echo("Everything that the follower has read is told again")
    elif resume:
        _resume(found)
        typer.echo("The follower goes on, unless the node still has another block in its final one's place")
    else:
        _run(found)


def _deliveries(config: "Config") -> "Deliveries":
    from chain import network
    from earnest.worker.file import WorkerFile
    from earnest.worker.webhooks.deliveries import Deliveries

    chain_id = network.load(config.network).chain_id
    return Deliveries(WorkerFile(config.store, chain_id), chain_id, config.endpoints)


def _resume(config: "Config") -> None:
    from chain import network
    from chain.contracts import by_address
    from chain.stores.followed import FollowedFile
    from earnest.worker.errors import BadConfig

    if config.follower is None:
        raise BadConfig("follower", "there is none that could go on")
    with FollowedFile(config.follower.store, network.load(config.network).chain_id, by_address()) as file:
        file.resume()


def _run(config: "Config") -> None:
    try:
        from earnest.worker.running import run
    except ModuleNotFoundError as missing:
        raise ExtraMissing("worker", str(missing.name)) from None
    asyncio.run(run(config, os.environ))
