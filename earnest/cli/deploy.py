"""`earnest deploy`: the contracts on a chain."""

from pathlib import Path
from typing import Annotated

import typer

from earnest.cli.options import Keyring, Keystore, NetworkName, Rpc, connected, signer_of

group = typer.Typer(help="Find, deploy and verify Earnest's contracts on a chain.", no_args_is_help=True)

Folder = Annotated[Path, typer.Option(metavar="FOLDER", help="Where the records are kept, one file a chain.")]
RECORDS = Path("deploy/addresses")


@group.command()
def plan(network: NetworkName, rpc: Rpc) -> None:
    """Show what is there, what is missing, and the gas it would take. Sends nothing."""
    import deploy

    with connected(network, rpc) as chain:
        typer.echo(deploy.plan(chain))


@group.command()
def run(
    *,
    network: NetworkName,
    rpc: Rpc,
    keystore: Keystore = None,
    keyring: Keyring = None,
    folder: Folder = RECORDS,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before money is spent.")] = False,
) -> None:
    """Deploy what is missing, verify it, and keep a record. Run it again if it was cut off."""
    import deploy

    signer = signer_of(keystore, keyring)
    with connected(network, rpc) as chain:
        found = deploy.plan(chain)
        typer.echo(found)
        if found.missing and not yes:
            typer.confirm(f"Deploy {len(found.missing)} contracts from {signer.address}?", abort=True)
        record = deploy.run(found, signer, folder)
    for name, deployed in record.contracts.items():
        typer.echo(f"{name} is at {deployed.address}, verified")


@group.command()
def verify(network: NetworkName, rpc: Rpc) -> None:
    """Compare the code on the chain with the compiled contracts."""
    import deploy

    with connected(network, rpc) as chain:
        for name, place in deploy.verify(chain).items():
            typer.echo(f"{name} at {place} is what was compiled")


@group.command()
def show(folder: Folder = RECORDS) -> None:
    """List the contracts' addresses, the same on every chain, and where the records say they were deployed."""
    from chain.contracts import CORE, address_of
    from deploy.record import load

    for name in CORE:
        typer.echo(f"{name:16} {address_of(name)}")
    for chain_id in sorted(int(path.stem) for path in folder.glob("*.json") if path.stem.isdigit()):
        record = load(folder, chain_id)
        current = [name for name in CORE if name in record.contracts]
        typer.echo(f"chain {record.chain_id}: {', '.join(current)}")
