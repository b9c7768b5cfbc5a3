"""From the configuration to a worker whose parts are open, and closed again."""

import random
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from chain.aio.chain import AsyncChain
from chain.aio.follower import AsyncFollower
from chain.contracts import by_address
from chain.signer import Signer
from chain.stores.followed import FollowedFile
from chain.units import Seconds
from channels.aio.payee import AsyncPayee
from channels.settlement import Policy
from channels.stores.postgres.opening import PostgresStore
from channels.watchtower import Quota, TowerPolicy
from channels.watchtower.service.deposits import least_deposits
from channels.watchtower.service.tower import AsyncTower
from earnest.worker.agreements import terms_in
from earnest.worker.config import Config, Keys, Settlement
from earnest.worker.errors import BadConfig
from earnest.worker.file import WorkerFile
from earnest.worker.health import Limits
from earnest.worker.lease import Lease
from earnest.worker.log import secrets_in
from earnest.worker.news import News
from earnest.worker.part import Part
from earnest.worker.parts.delivering import Delivering
from earnest.worker.parts.expiring import Expiring
from earnest.worker.parts.following import Following
from earnest.worker.parts.guarding import Guarding
from earnest.worker.parts.sending import Sending
from earnest.worker.parts.settling import Settling
from earnest.worker.parts.telling import Telling
from earnest.worker.webhooks.deliveries import Deliveries
from earnest.worker.webhooks.sending import Sender
from earnest.worker.worker import Worker
from escrow.aio.client import AsyncEscrow


@asynccontextmanager
async def opened(
    config: Config, environment: Mapping[str, str], log: Any
) -> AsyncIterator[tuple[Worker, AsyncTower | None]]:
    """The tower is one of the worker's parts, and takes jobs beside it.

    Raises `ChainError`, `StoreError`, `BadConfig` for a key that can't be had.
    """
    async with AsyncExitStack() as stack:
        chain = await stack.enter_async_context(await _connected(config))
        file = WorkerFile(config.store, chain.chain_id)
        stack.callback(file.close)
        signer = signer_of(config.keys, environment)
        parts = [
            *await _reading(stack, config, chain, file, signer),
            *await _acting(stack, config, chain, signer),
        ]
        tower = await _guarding(stack, config, chain, signer)
        if config.tower and tower:
            parts.append(Guarding(tower, config.tower.every))
        worker = Worker(
            parts,
            Lease(file, secrets.token_hex(16), config.lease),
            time.time,
            random=random.SystemRandom().random,
            log=log,
            limits=Limits(max_lag=config.max_lag, max_round=config.max_round),
        )
        yield worker, tower


def signer_of(keys: Keys, environment: Mapping[str, str]) -> Signer | None:
    """None where the file names none. Raises `BadConfig`, and what `Signer` raises."""
    if keys.keystore:
        return Signer.keystore(keys.keystore, environment.get("EARNEST_PASSWORD", ""))
    if keys.keyring:
        return Signer.keyring(keys.keyring)
    if keys.env is None:
        return None
    if not (key := environment.get(keys.env)):
        raise BadConfig("key.env", f"the environment has no {keys.env}")
    return Signer.from_key(key)


async def _connected(config: Config) -> AsyncChain:
    outbox = config.outbox
    return await AsyncChain.connect(
        config.network,
        config.rpc,
        finality=config.finality,
        quorum=config.quorum,
        outbox=outbox.store if outbox else None,
        fees=outbox.fees if outbox else None,
    )


async def _reading(
    stack: AsyncExitStack, config: Config, chain: AsyncChain, file: WorkerFile, signer: Signer | None
) -> list[Part]:
    """What the chain says, and whom it is told."""
    if config.follower is None:
        return []
    store, first = config.follower.store, config.follower.from_block
    follower = AsyncFollower(chain, store, from_block=first, max_lag=config.max_lag)
    await stack.enter_async_context(follower)
    read = stack.enter_context(FollowedFile(store, chain.chain_id, by_address()))
    parties = config.parties or ((signer.address,) if signer else ())
    deliveries = Deliveries(file, chain.chain_id, config.endpoints, parties)
    parts: list[Part] = [Following(follower), Telling(News(read), deliveries)]
    for endpoint in config.endpoints:
        sender = Sender(endpoint)
        stack.push_async_callback(sender.close)
        chance = random.SystemRandom().random
        parts.append(Delivering(endpoint, deliveries, sender, clock=time.time, random=chance))
    return parts


async def _acting(stack: AsyncExitStack, config: Config, chain: AsyncChain, signer: Signer | None) -> list[Part]:
    """What is sent to the chain."""
    parts: list[Part] = []
    if signer is None:
        return parts
    if config.settlement is not None:
        payee = await stack.enter_async_context(AsyncPayee(chain, signer, _till(config.settlement)))
        policy = Policy(margin=Seconds(config.settlement.margin), max_wait=config.settlement.max_wait)
        parts.append(Settling(payee, policy, config.settlement.every))
    if config.expiries is not None:
        folder = config.expiries.agreements
        escrow = AsyncEscrow(chain, signer)
        parts.append(Expiring(escrow, signer.address, lambda: terms_in(folder), config.expiries.every))
    if chain.outbox is not None:
        chain.outbox.use(signer)
        parts.append(Sending(chain.outbox))
    return parts


async def _guarding(
    stack: AsyncExitStack, config: Config, chain: AsyncChain, signer: Signer | None
) -> AsyncTower | None:
    if signer is None or config.tower is None:
        return None
    policy = TowerPolicy(margin=Seconds(config.tower.margin), refresh=Seconds(config.tower.refresh))
    deposits = await least_deposits(chain, config.tower.least)
    quota = Quota(rows=config.tower.rows, clients=frozenset(config.tower.clients), deposits=deposits)
    return await stack.enter_async_context(AsyncTower(chain, signer, config.tower.store, policy=policy, quota=quota))


def _till(settlement: Settlement) -> PostgresStore | str:
    till = settlement.till
    return PostgresStore(till, mark=settlement.mark) if "://" in till else till


def secrets_of(config: Config, environment: Mapping[str, str]) -> list[str]:
    """Every text that no log line may hold."""
    found = [part for url in config.rpc for part in secrets_in(url)]
    for endpoint in config.endpoints:
        found += [secret.reveal().removeprefix("whsec_") for secret in endpoint.secrets]
        found += secrets_in(endpoint.url)
    if config.settlement and "://" in config.settlement.till:
        found += secrets_in(config.settlement.till)
    if config.keys.env and (key := environment.get(config.keys.env)):
        found.append(key.removeprefix("0x"))
    if password := environment.get("EARNEST_PASSWORD"):
        found.append(password)
    return found
