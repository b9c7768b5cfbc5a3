import asyncio
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from chain import AsyncLocalChain, Chain, LocalChain, Signer, Token
from chain.create2 import PROXY, address_of, call_data
from chain.keccak import keccak
from chain.money import Money
from chain.permit2 import PERMIT2
from chain.units import Hash32, Seconds
from channels import AsyncDuplexes, AsyncLanes, Channel, DuplexChannel, Duplexes, Lanes, SignedVoucher, Voucher
from channels.promise import Promise, promises_hash
from escrow import conditions
from tests.channels.aio.blocking import Blocking

ROLES = ("payer", "payee", "signer", "stranger")
PREIMAGE = b"p" * 32
CODE = Path(__file__).parents[3] / "node_modules/hardhat-predeploy/bin" / f"{PERMIT2}.bytecode"
SALT = Hash32(bytes.fromhex("d3af2663da51c10215000000".rjust(64, "0")))
HOUR = 3_600


@dataclass(frozen=True)
class Node:
    """A local chain, and how its clients are made: the ones that block, or those for asyncio in one loop."""

    chain: LocalChain
    lanes: Callable[[Signer], Lanes]
    duplexes: Callable[[Signer], Duplexes]


def _blocking(chain: LocalChain) -> Node:
    return Node(chain, lambda signer: Lanes(chain, signer), lambda signer: Duplexes(chain, signer))


def _in_loop(chain: AsyncLocalChain, loop: asyncio.AbstractEventLoop) -> Node:
    def made(kind: Any) -> Callable[[Signer], Any]:
        return lambda signer: Blocking(kind(chain, signer), loop)

    return Node(cast(LocalChain, Blocking(chain, loop)), made(AsyncLanes), made(AsyncDuplexes))


@pytest.fixture(scope="session", params=["sync", "async"])
def node(request: pytest.FixtureRequest, signers: dict[str, Signer]) -> Iterator[Node]:
    loop = asyncio.new_event_loop()
    if request.param == "sync":
        found = _blocking(Chain.local())
    else:
        found = _in_loop(loop.run_until_complete(AsyncLocalChain.start("eth-tester")), loop)
    for role in ROLES:
        found.chain.fund(signers[role].address)
    yield found
    found.chain.close()
    loop.close()


@pytest.fixture
def chain(node: Node) -> Iterator[LocalChain]:
    """As it was when everybody had just got 10 of the native currency and 1,000 USDC."""
    before = node.chain.snapshot()
    yield node.chain
    node.chain.restore(before)


@pytest.fixture
def usdc(chain: LocalChain) -> Token:
    return chain.token("USDC")


@pytest.fixture
def lanes(node: Node, chain: LocalChain, signers: dict[str, Signer]) -> dict[str, Lanes]:
    """Everybody's client."""
    return {role: node.lanes(signers[role]) for role in ROLES}


@pytest.fixture
def duplexes(node: Node, chain: LocalChain, signers: dict[str, Signer]) -> dict[str, Duplexes]:
    return {role: node.duplexes(signers[role]) for role in ROLES}


@pytest.fixture
def channel(signers: dict[str, Signer], usdc: Token) -> Channel:
    """From payer to payee in USDC, with windows of an hour; a key of its own signs."""
    return _channel(signers, usdc)


@pytest.fixture
def other_channel(signers: dict[str, Signer], usdc: Token) -> Channel:
    return _channel(signers, usdc, salt=1)


@pytest.fixture
def native_channel(signers: dict[str, Signer], chain: LocalChain) -> Channel:
    return _channel(signers, chain.native)


@pytest.fixture
def duplex(signers: dict[str, Signer], usdc: Token) -> DuplexChannel:
    """Between payer (A) and payee (B) in USDC, with windows of an hour; each signs with the key that it pays with."""
    return _duplex(signers, usdc)


@pytest.fixture
def native_duplex(signers: dict[str, Signer], chain: LocalChain) -> DuplexChannel:
    return _duplex(signers, chain.native)


@pytest.fixture
def sign(signers: dict[str, Signer], chain: LocalChain) -> Callable[..., SignedVoucher]:
    """A voucher of a channel's first epoch for so much in all, with promises."""

    def signed(channel: Channel, money: Money, *promises: Promise, epoch: int = 0) -> SignedVoucher:
        voucher = Voucher(
            channel_id=channel.id, epoch=epoch, cumulative_amount=money.units, promises=promises_hash(promises)
        )
        signature = signers["signer"].sign(chain.domain("VoucherChannels"), voucher).signature
        return SignedVoucher(channel=channel, voucher=voucher, signature=signature, promises=promises)

    return signed


@pytest.fixture
def lock() -> conditions.HashLock:
    """A real condition of the escrow, which a promise can name, too."""
    return conditions.hash_lock(sha256=hashlib.sha256(PREIMAGE).digest())


@pytest.fixture
def promise(lock: conditions.HashLock, chain: LocalChain) -> Callable[..., Promise]:
    """Under the lock, for two hours."""

    def promised(money: Money, *, expiry: int | None = None, salt: int = 0) -> Promise:
        return Promise(
            condition=lock.address,
            data_hash=lock.data_hash,
            amount=money.units,
            expiry=Seconds(chain.now() + 2 * HOUR if expiry is None else expiry),
            salt=Hash32(keccak(bytes([salt]))),
        )

    return promised


@pytest.fixture
def permit2(chain: LocalChain, signers: dict[str, Signer], usdc: Token) -> None:
    """The real Permit2: its own creation code through the usual proxy gives its own address. The payer lets it take."""
    creation = CODE.read_bytes()
    assert address_of(creation, SALT) == PERMIT2
    chain.execute(signers["stranger"], PROXY, call_data(creation, SALT))
    chain.approve(signers["payer"], usdc, PERMIT2)


def _channel(signers: dict[str, Signer], token: Token, salt: int = 0) -> Channel:
    return Channel(
        payer=signers["payer"].address,
        payee=signers["payee"].address,
        token=token.address,
        signer=signers["signer"].address,
        window=Seconds(HOUR),
        promise_window=Seconds(HOUR),
        salt=salt,
    )


def _duplex(signers: dict[str, Signer], token: Token) -> DuplexChannel:
    return DuplexChannel(
        party_a=signers["payer"].address,
        party_b=signers["payee"].address,
        token=token.address,
        signer_a=signers["payer"].address,
        signer_b=signers["payee"].address,
        window=Seconds(HOUR),
        promise_window=Seconds(HOUR),
    )
