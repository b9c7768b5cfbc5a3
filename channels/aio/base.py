"""What the clients of both kinds of channels stand on: money in, promises proven."""

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from chain.aio import granting
from chain.aio.contract_client import AsyncContractClient
from chain.errors import Malformed
from chain.keccak import keccak
from chain.money import Money
from chain.permit2 import Method
from chain.refusals import WrongConditionData
from chain.units import NOBODY, Address, Amount, Hash32, Seconds
from channels.channel import Channel, ChannelId
from channels.condition import Condition, data_of
from channels.deposit import Deposit, SignedDeposit
from channels.duplex.channel import DuplexChannel
from channels.duplex.promise import DuplexPromise
from channels.edge import units_of
from channels.funding import Funding
from channels.promise import Promise, subject_of
from channels.recorded import Recorded

if TYPE_CHECKING:
    from chain.aio.chain import AsOf
    from chain.receipt import Receipt

C = TypeVar("C", Channel, DuplexChannel)
P = TypeVar("P", Promise, DuplexPromise)
DAY = 86_400
_ANY_CONDITION = "HashLock"
"""All conditions have its one function."""
_CONDITION_GAS, _BYTE_GAS = 400_000, 40
"""The contract gives a condition 300,000 to answer with; a byte of call data costs 40 at most (EIP-7623)."""


class AsyncChannelsClient(AsyncContractClient, Generic[C, P]):
    """One account's view of one contract."""

    done_once = frozenset(["answer", "claim", "claimMany", "claimPromised", "collect", "payOut", "record", "sweep"])

    async def record(self, channel: C, epoch: int, promise: P, condition: Condition | bytes, proof: bytes) -> Recorded:
        """Shows a promise's condition, or what has its data, a proof, before the promise expires; anyone may.

        It counts for whatever carries the promise. Raises `PromiseExpired`, `WrongConditionData`, `NothingRecorded`.
        """
        token = await self.chain.token(channel.token)  # Asked after sending, it could cost us the receipt.
        receipt = await self._send("record", channel.id, epoch, promise, data_of(condition), proof)
        return Recorded(
            channel_id=channel.id,
            epoch=epoch,
            promise_hash=promise.struct_hash(),
            released=token.units(receipt.event("Recorded").args["released"]),
            receipt=receipt,
        )

    async def released(self, channel: C, epoch: int, promise: P, condition: Condition | bytes, proof: bytes) -> Money:
        """What the condition itself answers for a proof by now, in all, asked without a transaction.

        It has hardly more gas than the contract will give it. Raises `WrongConditionData`, and what it reverts with.
        """
        data, token = data_of(condition), await self.chain.token(channel.token)
        if keccak(data) != promise.data_hash:
            raise WrongConditionData(keccak(data), promise.data_hash)
        subject = subject_of(self.domain, channel.id, epoch, promise.struct_hash())
        asked = subject, promise.amount, data, proof
        gas = _CONDITION_GAS + _BYTE_GAS * (len(data) + len(proof))
        released = await self.chain.call(
            _ANY_CONDITION, "released", *asked, at=promise.condition, as_of="latest", gas=gas
        )
        return token.units(min(released, promise.amount))

    async def recorded(self, channel: C, epoch: int, promise: P, *, as_of: "AsOf" = "final") -> Money:
        """What is proven of a promise so far."""
        token = await self.chain.token(channel.token)
        return token.units(await self._recorded(channel.id, epoch, promise.struct_hash(), as_of))

    async def _recorded(self, channel_id: ChannelId, epoch: int, promise_hash: Hash32, as_of: "AsOf") -> Amount:
        subject = subject_of(self.domain, channel_id, epoch, promise_hash)
        return Amount(await self.chain.call(self.contract, "recordedOf", subject, as_of=as_of))

    async def _sign_deposit(self, deposit: Deposit, method: Method, nonce: int | None) -> SignedDeposit:
        authorization = await granting.authorization(self.chain, self.signer, deposit, method, nonce)
        return SignedDeposit(deposit=deposit, method=method, authorization=authorization)

    async def _deposit(self, channel: C, funding: Funding, money: Money, deadline: int | None) -> Deposit:
        """The signer's, for a day unless `deadline` says otherwise."""
        return Deposit(
            channel=channel,
            domain=self.domain,
            funding=funding,
            payer=self.signer.address,
            amount=self._units(money, channel.token),
            deadline=await self._until(deadline),
        )

    def _ours(self, signed: SignedDeposit, kind: type[C]) -> C:
        """The channel. Raises `Malformed` for what is signed for another contract or chain."""
        channel, domain = signed.deposit.channel, signed.deposit.domain
        if domain != self.domain or not isinstance(channel, kind):
            found = f"{domain.contract} on chain {domain.chain_id}"
            raise Malformed("signed deposit", f"it is for {found}, not {self.contract} {self.domain.contract} here")
        return channel

    async def _until(self, deadline: int | None) -> Seconds:
        return Seconds(await self.chain.now() + DAY if deadline is None else deadline)

    def _units(self, money: Money, token: Address) -> Amount:
        return units_of(money, token, self.chain.chain_id)

    async def _pay_in(self, token: Address, amount: Amount, verb: str, *args: Any) -> "Receipt":
        """A missing allowance is approved first, exactly."""
        async with self._funding:
            await self._provide(token, amount)
            return await self._send(verb, *args, value=amount if token == NOBODY else 0)

    async def _gas(self, verb: str, *args: Any, value: int = 0) -> int:
        """What sending it would use. Raises what the contract says, `NodeRefused` where it is more than a node runs."""
        return await self.chain.gas(self.signer.address, self.domain.contract, self._data(verb, *args), value)
