"""How a two-way channel's deposits come in, and what both agree on to take them out."""

from collections.abc import Iterable

from chain.money import Money
from chain.permit2 import Method
from chain.units import NOBODY, Address
from channels.aio.duplex_base import AsyncDuplexBase
from channels.deposit import SignedDeposit
from channels.duplex import actions
from channels.duplex.chain_duplex import ChainDuplex
from channels.duplex.channel import DuplexChannel
from channels.duplex.duplex import Duplex
from channels.duplex.ledger import DuplexLedger
from channels.duplex.machine import transition
from channels.duplex.signed_together import SignedCloseTogether, SignedWithdrawTogether
from channels.funding import Funding, FundingKind


class AsyncDuplexFunding(AsyncDuplexBase):
    """Raises what the contract would, `InsufficientBalance`, `UnknownToken` and `TokenMismatch`, nothing sent."""

    async def deposit(
        self, channel: DuplexChannel, money: Money, *, epoch: int | None = None, accept: Iterable[str] = ()
    ) -> ChainDuplex:
        """The signer, a party, adds to its own deposit, in a fight too; the first deposit starts the epoch.

        A missing allowance is approved first, exactly. `epoch` is the present one: a deposit that an end overtakes does
        not start the next (`WrongEpoch`). `accept` names findings of a preflight that the signer takes; it is asked
        where nothing of the signer's is in the channel. Raises `PreflightRefused`, nothing sent.
        """
        named = await self.depositable(channel, money, epoch=epoch, accept=accept)
        return await self._deposited(channel, money, named)

    async def depositable(
        self,
        channel: DuplexChannel,
        money: Money,
        *,
        epoch: int | None = None,
        seen: Iterable[Address] = (),
        accept: Iterable[str] = (),
    ) -> int:
        """The epoch to which `deposit` would add now; nothing is sent. `seen` are the signer's other counterparties."""
        amount = self._units(money, channel.token)
        duplex = await self.duplex(channel.id, as_of="latest")
        named = duplex.epoch if epoch is None else epoch
        value = amount if channel.token == NOBODY else 0
        action = actions.Deposit(caller=self.signer.address, epoch=named, amount=amount, value=value)
        await self._require_allowed(channel, duplex, action)
        await self._require_safe_first(channel, duplex, money, seen, accept)
        return named

    async def authorize_deposit(
        self,
        channel: DuplexChannel,
        money: Money,
        method: Method = Method.ERC3009,
        *,
        salt: int = 0,
        deadline: int | None = None,
        nonce: int | None = None,
        accept: Iterable[str] = (),
    ) -> SignedDeposit:
        """A party's signature for a `deposit` into the present epoch, and no other; nothing is sent.

        It counts for a day, unless `deadline` says otherwise; of those with one `salt` only one counts in an epoch.
        PERMIT2 needs an allowance for Permit2, whose `nonce` may be named. `accept` as for `deposit`. Raises
        `PreflightRefused`, nothing signed.
        """
        duplex = await self.duplex(channel.id, as_of="latest")
        funding = Funding(kind=FundingKind.DEPOSIT.value, channel_id=channel.id, epoch=duplex.epoch, salt=salt)
        by_a = self.signer.address == channel.party_a
        amount = self._units(money, channel.token)
        before = await self._until(deadline)
        action = actions.DepositBySig(epoch=duplex.epoch, by_a=by_a, amount=amount, method=method, before=before)
        await self._require_allowed(channel, duplex, action)
        unsigned = await self._deposit(channel, funding, money, before)
        await self._require_safe_first(channel, duplex, money, (), accept)
        return await self._sign_deposit(unsigned, method, nonce)

    async def submit(self, signed: SignedDeposit) -> ChainDuplex:
        """Brings what a party has signed, and pays the gas; anyone may. Raises `Malformed` for another contract's."""
        channel, deposit = self._ours(signed, DuplexChannel), signed.deposit
        by_a = deposit.payer == channel.party_a
        args = (channel.calldata, deposit.funding.epoch, by_a, deposit.amount, signed.calldata)
        receipt = await self._send("depositBySig", *args)
        return await self._left(channel, Duplex.from_word(receipt.event("Deposited").args["duplex"]), receipt)

    async def close_together(self, signed: SignedCloseTogether) -> ChainDuplex:
        """Ends the epoch by what both have signed, in a fight too; the signer's own call needs no signature of its own.

        Promises die with it. Raises `DeadlinePassed`, `WrongEpoch`, `InvalidSignature`.
        """
        receipt = await self._send("closeTogether", *signed.calldata)
        shares = Duplex.from_word(receipt.event("ClosedTogether").args["shares"])
        return await self._left(signed.channel, shares.ended(), receipt, (shares.deposit_a, shares.deposit_b))

    async def withdraw_together(self, signed: SignedWithdrawTogether) -> ChainDuplex:
        """Takes out what both have signed and folds their net into the deposits, which go on in the next epoch.

        Raises `WithdrawalTooLarge`, `DeadlinePassed`, `WrongEpoch`, `InvalidSignature`.
        """
        receipt = await self._send("withdrawTogether", *signed.calldata)
        args = receipt.event("WithdrawnTogether").args
        return await self._left(signed.channel, Duplex.from_word(args["duplex"]), receipt, (args["toA"], args["toB"]))

    async def _deposited(self, channel: DuplexChannel, money: Money, epoch: int) -> ChainDuplex:
        amount = self._units(money, channel.token)
        receipt = await self._pay_in(channel.token, amount, "deposit", channel.calldata, epoch, amount)
        return await self._left(channel, Duplex.from_word(receipt.event("Deposited").args["duplex"]), receipt)

    async def _require_safe_first(
        self, channel: DuplexChannel, duplex: Duplex, money: Money, seen: Iterable[Address], accept: Iterable[str]
    ) -> None:
        """Who has something in this epoch has been asked, or has signed states with these keys; the id fixes them."""
        me, by_a = self.signer.address, self.signer.address == channel.party_a
        if duplex.deposit_a if by_a else duplex.deposit_b:
            return
        other = channel.party_b if by_a else channel.party_a
        parties = sorted({channel.signer_a, channel.signer_b} - {me, other})
        args = channel.calldata, duplex.epoch, money.units
        await self._require_safe(other, money, "deposit", *args, parties=parties, seen=seen, accept=accept)

    async def _require_allowed(self, channel: DuplexChannel, duplex: Duplex, action: actions.Funding) -> None:
        """The rules' answer before an allowance is given, or a signature, that would stay open after a refusal."""
        ledger = DuplexLedger(channel=channel, domain=self.domain, duplex=duplex)
        transition(ledger, action, await self.chain.now())
