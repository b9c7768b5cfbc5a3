import asyncio
from pathlib import Path

from chain import AsyncLocalChain, Signer
from chain.units import Seconds
from channels import AsyncDuplexParty, DuplexChannel, Heard
from channels.duplex.session.errors import ProposalOutstanding


async def test_of_many_payments_at_once_one_is_made_and_heard_once(tmp_path: Path) -> None:
    async with await AsyncLocalChain.start("eth-tester") as chain:
        usdc, keys = await chain.token("USDC"), [Signer.generate() for _ in range(2)]
        ann, ben = (key.address for key in keys)
        channel = DuplexChannel(
            party_a=ann,
            party_b=ben,
            token=usdc.address,
            signer_a=ann,
            signer_b=ben,
            window=Seconds(3_600),
            promise_window=Seconds(3_600),
        )
        await chain.fund(ann)
        async with (
            AsyncDuplexParty(chain, keys[0], tmp_path / "a.db") as one,
            AsyncDuplexParty(chain, keys[1], tmp_path / "b.db") as other,
        ):
            await one.deposit(channel, usdc("10"))
            await other.join(channel)
            (asked,) = await one.resume(channel)
            await one.hear(*(await other.hear(asked)).answers)
            moneys = [usdc.units(number) for number in range(1, 6)]
            paid = await asyncio.gather(*(one.pay(channel, money) for money in moneys), return_exceptions=True)
            ((said,),) = [done for done in paid if isinstance(done, list)]
            assert sum(isinstance(done, ProposalOutstanding) for done in paid) == 4
            heard: list[Heard] = await asyncio.gather(*(other.hear(said) for _ in range(5)))
            assert len({answer.answers for answer in heard}) == 1
            (added,) = [answer.added for answer in heard if answer.added]
            assert added == (await other.show(channel)).credited == (await other.show(channel)).is_owed
