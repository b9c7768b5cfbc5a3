import asyncio
from collections.abc import Callable

from chain.errors import EarnestError
from chain.typed_data import Domain
from chain.units import Amount, Seconds
from channels import Channel, PayerSession
from channels.exposure import OverLimit, SpendLimits
from channels.stores.aio.wallet import AsyncWallet
from channels.stores.postgres import PostgresStore
from tests.channels.stores.postgres.making import seen

NOW = Seconds(86_400)


def promising(before: PayerSession, amount: int) -> PayerSession:
    return PayerSession(channel=before.channel, lane=before.lane, promised=Amount(amount), version=before.version + 1)


async def attempt(
    wallet: AsyncWallet, before: PayerSession, amount: int, limits: SpendLimits | None
) -> bool | EarnestError:
    try:
        return await wallet.keep(before, promising(before, amount), limits, NOW)
    except OverLimit as over:
        return over


async def opened(dsn: str, domain: Domain, channels: list[Channel]) -> tuple[list[AsyncWallet], list[PayerSession]]:
    """Four wallets, each with connections of its own, over the same channels."""
    wallets = [PostgresStore(dsn, connections=2).async_wallet(domain) for _ in range(4)]
    for channel in channels:
        await wallets[0].add(PayerSession(channel=channel, lane=seen().lane))
    return wallets, [await wallets[0].session(channel.id) for channel in channels]


async def test_of_one_version_one_voucher_is_signed_whoever_asks(dsn: str, domain: Domain, channel: Channel) -> None:
    wallets, (session,) = await opened(dsn, domain, [channel])
    calls = [attempt(wallet, session, 10 + number, None) for number, wallet in enumerate(wallets * 3)]
    answers = await asyncio.gather(*calls)
    assert answers.count(True) == 1
    assert answers.count(False) == 11
    assert (await wallets[0].session(channel.id)).promised == 10 + answers.index(True)
    for wallet in wallets:
        await wallet.close()


async def test_a_limit_a_day_is_one_limit_for_all_processes_and_payees(
    dsn: str, domain: Domain, describe: Callable[..., Channel]
) -> None:
    channels = [describe(payee="0x" + f"{number + 1:040d}") for number in range(16)]
    wallets, sessions = await opened(dsn, domain, channels)
    limits = SpendLimits(per_day=Amount(100))
    calls = [attempt(wallet, session, 10, limits) for wallet, session in zip(wallets * 4, sessions, strict=True)]
    answers = await asyncio.gather(*calls)
    assert answers.count(True) == 10
    assert sum(isinstance(answer, OverLimit) for answer in answers) == 6
    assert sum(session.promised for session in await wallets[0].sessions()) == 100
    for wallet in wallets:
        await wallet.close()
