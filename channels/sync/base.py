# Generated from channels/aio/base.py by make fix; edit that one.
"""What the clients of both kinds of channels stand on: money in, promises proven."""

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from chain.errors import Malformed
from chain.keccak import keccak
from chain.money import Money
from chain.permit2 import Method
from chain.refusals import WrongConditionData
from chain.sync import granting
from chain.sync.contract_client import ContractClient
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
    from chain.receipt import Receipt
    from chain.sync.chain import AsOf

C = TypeVar("C", Channel, DuplexChannel)
P = TypeVar("P", Promise, DuplexPromise)
DAY = 86_400
_ANY_CONDITION = "HashLock"
"""All conditions have its one function."""
_CONDITION_GAS, _BYTE_GAS = 400_000, 40
"""The contract gives a condition 300,000 to answer with; a byte of call data costs 40 at most (EIP-7623)."""


class ChannelsClient(ContractClient, Generic[C, P]):
    """One account's view of one contract."""

    done_once = frozenset(["answer", "claim", "claimMany", "claimPromised", "collect", "payOut", "record", "sweep"])

    def record(self, channel: C, epoch: int, promise: P, condition: Condition | bytes, proof: bytes) -> Recorded:
        """Shows a promise's condition, or what has its data, a proof, before the promise expires; anyone may.

        It counts for whatever carries the promise. Raises `PromiseExpired`, `WrongConditionData`, `NothingRecorded`.
        """
        token = self.chain.token(channel.token)  # Asked after sending, it could cost us the receipt.
        receipt = self._send("record", channel.id, epoch, promise, data_of(condition), proof)
        return Recorded(
            channel_id=channel.id,
            epoch=epoch,
            promise_hash=promise.struct_hash(),
            released=token.units(receipt.event("Recorded").args["released"]),
            receipt=receipt,
        )

    def released(self, channel: C, epoch: int, promise: P, condition: Condition | bytes, proof: bytes) -> Money:
        """What the condition itself answers for a proof by now, in all, asked without a transaction.

        It has hardly more gas than the contract will give it. Raises `WrongConditionData`, and what it reverts with.
        """
        data, token = data_of(condition), self.chain.token(channel.token)
        if keccak(data) != promise.data_hash:
            raise WrongConditionData(keccak(data), promise.data_hash)
        subject = subject_of(self.domain, channel.id, epoch, promise.struct_hash())
        asked = subject, promise.amount, data, proof
        gas = _CONDITION_GAS + _BYTE_GAS * (len(data) + len(proof))
        released = self.chain.call(_ANY_CONDITION, "released", *asked, at=promise.condition, as_of="latest", gas=gas)
        return token.units(min(released, promise.amount))

    def recorded(self, channel: C, epoch: int, promise: P, *, as_of: "AsOf" = "final") -> Money:
        """What is proven of a promise so far."""
        token = self.chain.token(channel.token)
        return token.units(self._recorded(channel.id, epoch, promise.struct_hash(), as_of))

    def _recorded(self, channel_id: ChannelId, epoch: int, promise_hash: Hash32, as_of: "AsOf") -> Amount:
        subject = subject_of(self.domain, channel_id, epoch, promise_hash)
        return Amount(self.chain.call(self.contract, "recordedOf", subject, as_of=as_of))

    def _sign_deposit(self, deposit: Deposit, method: Method, nonce: int | None) -> SignedDeposit:
        authorization = granting.authorization(self.chain, self.signer, deposit, method, nonce)
        return SignedDeposit(deposit=deposit, method=method, authorization=authorization)

    def _deposit(self, channel: C, funding: Funding, money: Money, deadline: int | None) -> Deposit:
        """The signer's, for a day unless `deadline` says otherwise."""
        return Deposit(
            channel=channel,
            domain=self.domain,
            funding=funding,
            payer=self.signer.address,
            amount=self._units(money, channel.token),
            deadline=self._until(deadline),
        )

    def _ours(self, signed: SignedDeposit, kind: type[C]) -> C:
        """The channel. Raises `Malformed` for what is signed for another contract or chain."""
        channel, domain = signed.deposit.channel, signed.deposit.domain
        if domain != self.domain or not isinstance(channel, kind):
            found = f"{domain.contract} on chain {domain.chain_id}"
            raise Malformed("signed deposit", f"it is for {found}, not {self.contract} {self.domain.contract} here")
        return channel

    def _until(self, deadline: int | None) -> Seconds:
        return Seconds(self.chain.now() + DAY if deadline is None else deadline)

    def _units(self, money: Money, token: Address) -> Amount:
        return units_of(money, token, self.chain.chain_id)

    def _pay_in(self, token: Address, amount: Amount, verb: str, *args: Any) -> "Receipt":
        """A missing allowance is approved first, exactly."""
        with self._funding:
            self._provide(token, amount)
            return self._send(verb, *args, value=amount if token == NOBODY else 0)

    def _gas(self, verb: str, *args: Any, value: int = 0) -> int:
        """What sending it would use. Raises what the contract says, `NodeRefused` where it is more than a node runs."""
        return self.chain.gas(self.signer.address, self.domain.contract, self._data(verb, *args), value)
