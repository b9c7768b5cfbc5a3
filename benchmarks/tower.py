"""What a flood of fake jobs costs a watchtower: `python -m benchmarks.tower` prints refusals and jobs a second."""

import asyncio
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from chain import AsyncLocalChain, Signer
from chain.errors import EarnestError
from chain.units import Amount, Seconds
from channels import Channel, SignedVoucher, Voucher
from channels.aio.lanes import AsyncLanes
from channels.watchtower import Job, Quota, TowerPolicy, write_job
from channels.watchtower.service.tower import AsyncTower

COUNT = 2_000
PAYER, PAYEE, STRANGER = (Signer(bytes([number]) * 32) for number in (1, 2, 3))


async def main() -> None:
    """One core, in process, without HTTP."""
    quota, policy = Quota(rate=10**6, burst=10**6), TowerPolicy(margin=Seconds(60))
    with tempfile.TemporaryDirectory() as folder:
        async with (
            await AsyncLocalChain.start("eth-tester") as chain,
            AsyncTower(chain, STRANGER, Path(folder) / "tower.db", policy=policy, quota=quota) as tower,
        ):
            jobs = await _jobs(chain)
            await tower.intake.admit(write_job(jobs[0]))
            forged = replace(jobs[0], at=9, signature=STRANGER.sign_digest(jobs[0].guard.content))
            print(f"forged by a stranger, refused a second: {await _rate(tower, [write_job(forged)] * COUNT):,.0f}")
            print(f"no JSON, refused a second: {await _rate(tower, [b'{' * 100] * COUNT):,.0f}")
            real = [write_job(job) for job in jobs[1:]]
            print(f"newer jobs of one client, one after the other, kept a second: {await _rate(tower, real):,.0f}")


async def _rate(tower: AsyncTower, bodies: list[bytes]) -> float:
    started = time.perf_counter()
    for body in bodies:
        with suppress(EarnestError):
            await tower.intake.admit(body)
    return len(bodies) / (time.perf_counter() - started)


async def _jobs(chain: AsyncLocalChain) -> list[Job]:
    """Of one open lane, rising."""
    lanes, usdc = AsyncLanes(chain, PAYER), await chain.token("USDC")
    await chain.fund(PAYER.address)
    channel = Channel(
        payer=PAYER.address,
        payee=PAYEE.address,
        token=usdc.address,
        signer=PAYER.address,
        window=Seconds(3_600),
        promise_window=Seconds(3_600),
    )
    await lanes.open(channel, usdc("100"))
    made = list[Job]()
    for number in range(500):
        voucher = Voucher(channel_id=channel.id, epoch=0, cumulative_amount=Amount(number + 1))
        signed = SignedVoucher(channel=channel, voucher=voucher, signature=PAYER.sign(lanes.domain, voucher).signature)
        made.append(Job(message=signed, client=PAYEE.address, at=number).signed_by(PAYEE, lanes.domain))
    return made


if __name__ == "__main__":
    asyncio.run(main())
