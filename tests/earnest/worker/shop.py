"""A chain that other processes reach, payments on it, and a worker's follower with its deliveries."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chain import LocalChain, Signer
from chain.aio.chain import AsyncChain
from chain.aio.follower import AsyncFollower
from chain.contracts import by_address
from chain.finality import Finality
from chain.stores.followed import FollowedFile
from earnest.testing.keys import secret_of
from earnest.worker.file import WorkerFile
from earnest.worker.lease import Held, Lease
from earnest.worker.news import News
from earnest.worker.parts.following import Following
from earnest.worker.parts.telling import Telling
from earnest.worker.webhooks.deliveries import Deliveries
from earnest.worker.webhooks.endpoint import Endpoint
from escrow import Escrow, Payment, Terms
from escrow.split import Split

PAYER, PAYEE, OPERATOR = (Signer(secret_of(name)) for name in ("payer", "payee", "operator"))
DEEP = 6
"""Blocks until an event is final."""


def terms(chain: LocalChain, amount: str, salt: int = 0, if_expired: Split = "payer", **members: Any) -> Terms:
    return Terms.card(
        payer=PAYER.address,
        payee=PAYEE.address,
        operator=OPERATOR.address,
        amount=chain.token("USDC")(amount),
        expiry=members.pop("expiry", chain.after(days=14)),
        if_expired=if_expired,
        salt=salt,
        **members,
    )


def paid(chain: LocalChain, amount: str = "10", salt: int = 0, **members: Any) -> Payment:
    """A hold; the same salt, amount and second make the same payment."""
    return Escrow(chain, PAYER).authorize(terms(chain, amount, salt, **members))


def captured(chain: LocalChain, payment: Payment) -> Payment:
    return Escrow(chain, OPERATOR).capture(payment)


@dataclass
class Desk:
    """What a worker's reading parts stand on."""

    chain: AsyncChain
    file: WorkerFile
    held: Held
    deliveries: Deliveries
    following: Following
    telling: Telling

    async def read(self) -> None:
        """All that there is."""
        await self.following.round(self.held, 0)
        while (await self.telling.round(self.held, 0)).again:
            pass


@asynccontextmanager
async def desk(url: str, folder: Path, *endpoints: Endpoint, deep: int = DEEP) -> AsyncIterator[Desk]:
    async with await AsyncChain.connect("local", [url], finality=Finality.confirmations(deep)) as chain:
        file = WorkerFile(folder / "worker.db", chain.chain_id)
        lease = Lease(file, "desk", 10**6)
        held = lease.take(0)
        assert held
        deliveries = Deliveries(file, chain.chain_id, endpoints)
        follower = AsyncFollower(chain, folder / "follower.db", max_lag=10**9)
        news = FollowedFile(folder / "follower.db", chain.chain_id, by_address())
        yield Desk(chain, file, held, deliveries, Following(follower), Telling(News(news), deliveries))
        await follower.close()
        news.close()
        lease.release(held)
        file.close()
