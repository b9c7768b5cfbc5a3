"""From the worker's file, in TOML, to its configuration. Secrets may stand in files or in the environment instead."""

import tomllib
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from chain import network
from chain.finality import Finality
from chain.outbox.fees import GWEI, Fees
from chain.units import Address, Seconds, address
from earnest.worker.config import Config, Expiries, Following, Guarding, Keys, Outbox, Settlement
from earnest.worker.errors import BadConfig
from earnest.worker.outside import outside
from earnest.worker.table import Table, checked
from earnest.worker.webhooks.endpoint import DAY
from earnest.worker.webhooks.reading import endpoint_of

_HIGHEST_PORT = 65_535


def read_config(path: Path, environment: Mapping[str, str]) -> Config:
    """Raises `BadConfig`."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadConfig(str(path), str(error)) from None
    return config_of(Table(data), path.parent, environment)


def config_of(table: Table, folder: Path, environment: Mapping[str, str]) -> Config:
    """Paths count from `folder`. Raises `BadConfig`."""
    name = table.take("network", str)
    outbox, follower = table.table("outbox"), table.table("follower")
    settlement, expiries, tower = table.table("settlement"), table.table("expiries"), table.table("tower")
    checked("network", lambda: network.load(name))
    config = Config(
        network=name,
        rpc=tuple(
            outside(text, f"rpc[{place}]", folder, environment)
            for place, text in enumerate(table.texts("rpc", least=1))
        ),
        quorum=table.whole("quorum", 1, 1, 99),
        finality=_finality(table),
        store=folder / table.take("store", str, "worker.db"),
        host=table.take("host", str, "127.0.0.1"),
        port=table.whole("port", 9464, 0, _HIGHEST_PORT),
        lease=table.number("lease", 15.0, 1, 3600),
        max_lag=table.number("max_lag", 300.0, 1, DAY),
        max_round=table.number("max_round", 600.0, 1, DAY),
        keys=_keys(table.table("key"), folder),
        parties=tuple(_party(place, text) for place, text in enumerate(table.texts("parties", least=0))),
        follower=None if follower is None else _following(follower, folder),
        settlement=None if settlement is None else _settlement(settlement, folder, environment),
        outbox=None if outbox is None else _outbox(outbox, folder, network.load(name).fees),
        expiries=None if expiries is None else _expiries(expiries, folder),
        tower=None if tower is None else _tower(tower, folder),
        endpoints=tuple(endpoint_of(found, folder, environment) for found in table.tables("endpoint")),
    )
    table.done()
    _require_whole(config)
    return config


def _require_whole(config: Config) -> None:
    """What one part needs of another."""
    for name in ("settlement", "outbox", "expiries", "tower"):
        if getattr(config, name) is not None and not config.keys.given:
            raise BadConfig(name, "it sends transactions: say in [key] whose")
    if config.tower and config.outbox is None:
        raise BadConfig("tower", "what it sends must outlive a crash: a section [outbox] is missing")
    if config.quorum > len(config.rpc):
        raise BadConfig("quorum", f"it is {config.quorum}, and there are {len(config.rpc)} nodes")
    if config.endpoints and config.follower is None:
        raise BadConfig("endpoint", "deliveries are about what the follower reads: a section [follower] is missing")
    names = [endpoint.name for endpoint in config.endpoints]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise BadConfig(f"endpoint[{place}].name", "another endpoint has it")


def _keys(table: Table | None, folder: Path) -> Keys:
    if table is None:
        return Keys()
    given = [name for name in ("env", "keystore", "keyring") if table.has(name)]
    if len(given) != 1:
        raise BadConfig("key", "it says exactly one of env, keystore, keyring")
    value = table.take(given[0], str)
    table.done()
    match given[0]:
        case "keystore":
            return Keys(keystore=folder / value)
        case "keyring":
            return Keys(keyring=value)
        case _:
            return Keys(env=value)


def _finality(table: Table) -> Finality | None:
    """As in the networks' files: a word, or a table with its numbers."""
    found = table.any("finality")
    return None if found is None else checked("finality", lambda: Finality.from_json(found))


def _party(place: int, text: str) -> Address:
    return checked(f"parties[{place}]", lambda: address(text))


def _following(table: Table, folder: Path) -> Following:
    first = table.whole("from_block", 0, 0, 2**63)
    return Following(store=_only_store(table, folder, "follower.db"), from_block=first)


def _settlement(table: Table, folder: Path, environment: Mapping[str, str]) -> Settlement:
    till = outside(table.take("till", str, "till.db"), table.key("till"), folder, environment)
    if table.has("mark") and "://" not in till:
        raise BadConfig(table.key("mark"), "it is for a till in PostgreSQL: a file has one beside it")
    found = Settlement(
        till=till if "://" in till else str(folder / till),
        mark=folder / table.take("mark", str) if table.has("mark") else None,
        margin=table.whole("margin", 120, 1, 86_400),
        max_wait=Seconds(table.whole("max_wait", 0, 60, 2**31)) if table.has("max_wait") else None,
        every=table.number("every", 15.0, 0.1, DAY),
    )
    table.done()
    return found


def _outbox(table: Table, folder: Path, usual: Fees) -> Outbox:
    """Fees in gwei a unit of gas; by default the network's."""
    bounds = [table.number(name, getattr(usual, name) / GWEI, 0, 10**9) for name in ("max_fee", "max_tip")]
    fees = checked("outbox", lambda: usual.in_gwei(*bounds))
    return Outbox(store=_only_store(table, folder, "outbox.db"), fees=fees)


def _expiries(table: Table, folder: Path) -> Expiries:
    agreements = folder / table.take("agreements", str)
    if not agreements.is_dir():
        raise BadConfig(table.key("agreements"), "there is no such folder")
    every = table.number("every", 30.0, 0.1, DAY)
    table.done()
    return Expiries(agreements=agreements, every=every)


def _tower(table: Table, folder: Path) -> Guarding:
    clients = enumerate(table.texts("clients", least=0))
    found = Guarding(
        store=folder / table.take("store", str, "tower.db"),
        margin=table.whole("margin", 300, 4, 86_400),
        refresh=table.whole("refresh", 300, 1, 86_400),
        every=table.number("every", 5.0, 0.1, DAY),
        clients=tuple(checked(f"{table.key('clients')}[{place}]", partial(address, text)) for place, text in clients),
        least=table.texts("least", least=0),
        rows=table.whole("rows", 100_000, 1, 2**32),
    )
    table.done()
    return found


def _only_store(table: Table, folder: Path, default: str) -> Path:
    store = folder / table.take("store", str, default)
    table.done()
    return store
