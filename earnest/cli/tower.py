"""`earnest tower`: guards lanes and two-way channels for those who can't watch the chain."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chain.errors import ExtraMissing
from earnest.cli.escrow.options import Json, Keyed
from earnest.cli.escrow.spread import command
from earnest.cli.escrow.when import length
from earnest.cli.options import signer_of

if TYPE_CHECKING:
    from channels.stores.watchtower import TowerStore

STORE = Path("tower.db")
group = typer.Typer(help="Guard channels for those who can't watch the chain.", no_args_is_help=True)


@dataclass(frozen=True, kw_only=True)
class Guarding(Keyed):
    """A tower: its key pays the gas."""

    store: Annotated[Path, typer.Option(metavar="FILE", help="The jobs are kept here.")] = STORE
    outbox: Annotated[Path, typer.Option(metavar="FILE", help="Its transactions are kept here.")] = Path("tower-out.db")
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where it listens.")] = "127.0.0.1"
    port: Annotated[int, typer.Option(metavar="PORT", min=0, max=65535, help="0 takes a free one.")] = 8402
    margin: Annotated[
        str, typer.Option(metavar="LENGTH", help="How long a transaction may take; windows need three of them.")
    ] = "5m"
    refresh: Annotated[str, typer.Option(metavar="LENGTH", help="How often an open channel is looked at.")] = "5m"
    max_fee: Annotated[
        float | None, typer.Option(metavar="GWEI", help="The most for a unit of gas; by default the network's.")
    ] = None
    max_tip: Annotated[
        float | None,
        typer.Option(metavar="GWEI", help="The most of it as a tip; by default the network's."),
    ] = None
    rows: Annotated[
        int, typer.Option(metavar="NUMBER", min=1, max=2**32, help="The most epochs of channels that it guards.")
    ] = 100_000
    client: Annotated[
        list[str], typer.Option(metavar="ADDRESS", help="Work only for this client; repeat it for more.")
    ] = field(default_factory=list)
    least: Annotated[
        list[str], typer.Option(metavar="TOKEN=AMOUNT", help="A token that is guarded, and its least deposit.")
    ] = field(default_factory=list)


def run(*, options: Guarding) -> None:
    """Take jobs over HTTP, watch their channels and answer in time, until Ctrl-C."""
    try:
        from channels.watchtower.service.serving import Serving  # noqa: F401
    except ModuleNotFoundError as missing:
        raise ExtraMissing("tower", str(missing.name)) from None
    asyncio.run(_serve(options))


def status(
    *,
    store: Annotated[Path, typer.Option(metavar="FILE", exists=True, dir_okay=False, help="A tower's store.")] = STORE,
    as_json: Json = False,
) -> None:
    """What a tower guards, when it last looked, and how late it is."""
    from channels.stores.watchtower import TowerStore

    kept = TowerStore(store)
    told = _status(kept)
    kept.close()
    typer.echo(json.dumps(told) if as_json else _text(told))


for _function in (run, status):
    command(group)(_function)


async def _serve(options: Guarding) -> None:
    from chain import AsyncChain, address
    from chain import network as networks
    from channels.watchtower import Quota, TowerPolicy
    from channels.watchtower.service.deposits import least_deposits
    from channels.watchtower.service.serving import Serving
    from channels.watchtower.service.tower import AsyncTower

    policy = TowerPolicy(margin=_seconds(options.margin), refresh=_seconds(options.refresh))
    signer = signer_of(options.keystore, options.keyring)
    clients = frozenset(map(address, options.client))
    fees = networks.load(options.network).fees.in_gwei(options.max_fee, options.max_tip)
    async with await AsyncChain.connect(options.network, options.rpc, outbox=options.outbox, fees=fees) as chain:
        quota = Quota(rows=options.rows, clients=clients, deposits=await least_deposits(chain, options.least))
        async with AsyncTower(chain, signer, options.store, policy=policy, quota=quota) as tower:
            serving = Serving(tower, options.host, options.port)
            typer.echo(f"Guarding at {serving.url}, gas is paid by {signer.address}. Ctrl-C ends it.")
            await serving.serve()


def _seconds(text: str) -> Any:
    return int(length(text).total_seconds())


def _status(store: "TowerStore") -> dict[str, Any]:
    from channels.watchtower import Quota

    jobs, due = store.totals()
    lag = 0 if due is None else max(int(time.time()) - due, 0)
    owed = {token: str(units) for token, units in sorted(store.worth().items())}
    return {
        "jobs": jobs,
        "exhausted": store.exhausted(Quota().acts),
        "lag": lag,
        "owed": owed,
        "channels": [guarded.to_json() for guarded in store.shown()],
    }


def _text(told: dict[str, Any]) -> str:
    lines = [f"Jobs: {told['jobs']}, the oldest look is {told['lag']} s late"]
    lines += [f"For {told['exhausted']} of them so much was sent that nothing more will be"] * bool(told["exhausted"])
    lines += [f"Owed by them: {units} base units of {token}" for token, units in told["owed"].items()]
    for each in told["channels"]:
        seen = f"last seen at {each['seenAt']}" if each["seenAt"] != "0" else "not seen yet"
        lines.append(f"{each['channelId']} epoch {each['epoch']} ({each['kind']}): {seen}, {each['acts']} sent")
        lines += [f"  {each['failure']}"] if each["failure"] else []
        lines += ["  Two states of one version were signed: the other is kept beside it"] * each["contradicted"]
    return "\n".join(lines)
