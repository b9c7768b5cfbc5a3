"""What a tower takes, and that a flood of what it does not take costs it little and stops nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from chain import LocalChain, Signer, Token
from chain.units import Amount
from channels import Payee, Payer, SignedState, SignedVoucher, WalletLane
from channels.errors import WindowTooShort, WrongEpoch
from channels.watchtower import Job, Quota, TowerPolicy, write_job
from channels.watchtower.errors import ClientRefused, Contradiction, DepositTooSmall, OverQuota
from tests.channels.shells.two_way import FatedSigner, Pair
from tests.channels.watchtower.test_jobs import lane_job
from tests.channels.watchtower.towers import Host, actions

FLOOD = 2_000
NewHost = Callable[..., Host]


def job_of(till: Payee, lane: WalletLane, at: int = 1) -> Job:
    job = till.job(lane, at)
    assert job is not None
    return job


@pytest.fixture
def job(wallet: Payer, till: Payee, lane: WalletLane, usdc: Token) -> Job:
    till.accept(wallet.pay(lane, usdc("4")))
    return job_of(till, lane)


def forged(job: Job) -> Job:
    """By a payer who holds the same voucher."""
    return replace(job, at=9, signature=Signer.generate().sign_digest(job.guard.content))


def test_a_channel_that_is_not_open_is_not_guarded(
    wallet: Payer, till: Payee, host: Host, job: Job, usdc: Token
) -> None:
    till.close(job.channel.id)
    with pytest.raises(WrongEpoch):
        host.take(job)
    assert host.tower.store.totals()[0] == 0


def test_an_epoch_without_a_deposit_is_not_guarded(
    host: Host, chain: LocalChain, shop: Signer, ann: Signer, till: Payee, job: Job
) -> None:
    voucher = job.message
    assert isinstance(voucher, SignedVoucher)
    channel = replace(voucher.channel, salt=77)
    said = replace(voucher.voucher, channel_id=channel.id)
    domain = chain.domain("VoucherChannels")
    unpaid = SignedVoucher(channel=channel, voucher=said, signature=ann.sign(domain, said).signature)
    with pytest.raises(DepositTooSmall):
        host.take(replace(job, message=unpaid).signed_by(shop, domain))
    assert host.tower.store.totals()[0] == 0


def test_what_a_quota_refuses_is_not_kept(new_host: NewHost, job: Job, usdc: Token) -> None:
    policy = TowerPolicy(margin=job.channel.window)
    refused: list[tuple[type[Exception], dict[str, Any]]] = [
        (ClientRefused, {"quota": Quota(clients=frozenset([usdc.address]))}),
        (DepositTooSmall, {"quota": Quota(deposits={usdc.address: Amount(10_000_001)})}),
        (WindowTooShort, {"policy": policy}),
    ]
    for number, (error, changes) in enumerate(refused):
        host = new_host(f"tower{number}", **changes)
        with pytest.raises(error):
            host.take(job)
        assert host.tower.store.totals()[0] == 0


def test_a_client_has_so_many_channels_and_what_it_has_stays(
    wallet: Payer, till: Payee, shop: Signer, usdc: Token, new_host: NewHost, job: Job
) -> None:
    host = new_host(quota=Quota(rows_per_client=1))
    host.take(job)
    other = wallet.open(shop.address, usdc("10"), timedelta(hours=1), salt=1)
    till.accept(wallet.pay(other, usdc("1")))
    with pytest.raises(OverQuota):
        host.take(job_of(till, other))
    assert host.take(replace(job, at=2).signed_by(shop, till.chain.domain("VoucherChannels")))
    assert host.tower.store.totals()[0] == 1


def test_a_client_has_so_many_jobs_a_second(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, new_host: NewHost, job: Job
) -> None:
    host = new_host(quota=Quota(rate=1, burst=2))
    jobs = [job_of(till, lane, at) for at in range(1, 5)]
    assert [host.take(each) for each in jobs[:2]] == [True, True]
    with pytest.raises(OverQuota):
        host.take(jobs[2])


def test_one_party_does_not_keep_the_other_from_handing_over(
    pair: Pair, keys: dict[str, FatedSigner], usdc: Token, new_host: NewHost
) -> None:
    host = new_host(quota=Quota(rate=1, burst=2))
    pair.pay("ann", usdc("1"))
    anns = pair.ann.job(pair.channel, 1)
    assert anns is not None
    for _ in range(2):
        host.take(anns)
    with pytest.raises(OverQuota):
        host.take(anns)
    bens = pair.ben.job(pair.channel, 1)
    assert bens is not None
    assert host.take(bens)


def test_looks_at_unknown_channels_are_few(
    wallet: Payer, till: Payee, shop: Signer, usdc: Token, new_host: NewHost, job: Job
) -> None:
    """Known channels don't suffer by it."""
    host = new_host(quota=Quota(looks=1))
    host.take(job)
    other = wallet.open(shop.address, usdc("10"), timedelta(hours=1), salt=1)
    till.accept(wallet.pay(other, usdc("1")))
    with pytest.raises(OverQuota):
        host.take(job_of(till, other))
    assert not host.take(job)


def test_of_two_states_of_one_version_the_first_is_kept_and_the_other_beside_it(
    pair: Pair, keys: dict[str, FatedSigner], usdc: Token, host: Host
) -> None:
    pair.pay("ann", usdc("1"))
    job = pair.ben.job(pair.channel, 1)
    assert job is not None
    host.take(job)
    held, domain = job.message, pair.ben.chain.domain("DuplexChannels")
    assert isinstance(held, SignedState)
    state = replace(held.message, net=0)
    other = SignedState(channel=held.channel, message=state)
    for name in ("ann", "ben"):
        other = other.signed(Signer(bytes([1 + (name == "ben")]) * 32).sign(domain, state))

    with pytest.raises(Contradiction):
        host.take(replace(job, message=other, at=2).signed_by(Signer(b"\2" * 32), domain))
    assert host.tower.store.jobs(pair.channel.id) == [job]
    assert [shown.contradicted for shown in host.tower.store.shown()] == [True]


def test_a_flood_of_fake_jobs_stops_nothing(
    chain: LocalChain, wallet: Payer, lane: WalletLane, shop: Signer, usdc: Token, host: Host, job: Job
) -> None:
    """Nothing of it is stored, and none of it is looked up on chain: the close is answered in its midst."""
    host.take(job)
    stranger = Signer.generate()
    fakes = [write_job(forged(job)), write_job(lane_job(at=5)), write_job(job).replace(b'"at":"1"', b'"at":"7"')]
    fakes += [b"{" * 40, write_job(job)[:-1], stranger.sign_digest(job.guard.content)]

    async def flooded() -> list[Exception]:
        errors = []
        for number in range(FLOOD):
            try:
                await host.tower.intake.admit(fakes[number % len(fakes)])
            except Exception as error:  # noqa: BLE001  # counted below
                errors.append(error)
        return errors

    asked = host.wire.asked
    assert len(host.wait(flooded())) == FLOOD
    assert host.wire.asked == asked
    wallet.request_close(lane)
    host.tower.touch([lane.id])
    assert actions(host.step()) == ["ClaimTogether"]
    assert chain.balance(usdc, shop.address) == usdc("1004")
    assert host.tower.store.jobs(lane.id) == [job]


def test_a_channel_costs_no_more_transactions_than_its_quota(
    wallet: Payer, till: Payee, lane: WalletLane, shop: Signer, usdc: Token, new_host: NewHost, job: Job
) -> None:
    """Payer and payee play together, and have the tower claim one unit after the other."""
    host = new_host(quota=Quota(acts=9))
    domain, voucher = wallet.chain.domain("VoucherChannels"), job.message
    assert isinstance(voucher, SignedVoucher)

    def newer(number: int) -> Job:
        said = replace(voucher.voucher, cumulative_amount=Amount(voucher.voucher.cumulative_amount + number))
        message = structs.replace(voucher, voucher=said, signature=wallet.signer.sign(domain, said).signature)
        return replace(job, message=message, at=1 + number).signed_by(shop, domain)

    wallet.request_close(lane)
    for number in range(9):
        assert host.take(newer(number))
        host.tower.touch([lane.id])
        assert actions(host.step()) == ["ClaimTogether"]
    with pytest.raises(OverQuota):
        host.take(newer(9))
    assert not host.take(newer(8)), "what it has is harmless"
    host.tower.touch([lane.id])
    assert host.step() == []
    assert host.tower.store.jobs(lane.id) == [newer(8)]
    health = host.wait(host.tower.health())
    assert (health.jobs, health.exhausted) == (1, 1)
