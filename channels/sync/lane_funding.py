# Generated from channels/aio/lane_funding.py by make fix; edit that one.
"""How a lane's deposit comes in: by the payer's call, or by its signature that anyone may bring."""

from collections.abc import Iterable

from chain.money import Money
from chain.permit2 import Method
from chain.units import NOBODY, Address, Amount
from channels.actions import Open, OpenBySig, TopUp, TopUpBySig
from channels.chain_lane import ChainLane
from channels.channel import Channel
from channels.deposit import SignedDeposit
from channels.funding import Funding, FundingKind
from channels.lane import transition
from channels.sync.lane_base import LaneBase

_VERBS = {FundingKind.OPEN: ("openBySig", "Opened"), FundingKind.TOP_UP: ("topUpBySig", "ToppedUp")}


class LaneFunding(LaneBase):
    """Raises what the contract would, `InsufficientBalance`, `UnknownToken` and `TokenMismatch`, nothing sent."""

    def open(self, channel: Channel, deposit: Money, *, accept: Iterable[str] = ()) -> ChainLane:
        """The signer, who is the payer, starts an epoch; a missing allowance is approved first, exactly.

        `accept` names findings of a preflight that it takes. Raises `PreflightRefused`, nothing sent.
        """
        self.openable(channel, deposit, accept=accept)
        return self._opened(channel, deposit)

    def openable(
        self, channel: Channel, deposit: Money, *, seen: Iterable[Address] = (), accept: Iterable[str] = ()
    ) -> ChainLane:
        """The lane as `open` would leave it now; nothing is sent. `seen` are those whom the payer has paid before."""
        amount = self._units(deposit, channel.token)
        action = Open(
            caller=self.signer.address,
            channel=channel,
            amount=amount,
            contract=self.domain.contract,
            value=_value(channel, amount),
        )
        foreseen = self._foreseen(channel, action)
        self._require_safe_open(channel, deposit, seen, accept)
        return foreseen

    def top_up(self, channel: Channel, money: Money) -> ChainLane:
        """The signer, who is the payer, adds to the deposit; a missing allowance is approved first, exactly.

        No address is looked at again: only the payer's own `open` began the epoch, and the id fixes all of them.
        """
        amount = self._units(money, channel.token)
        value = _value(channel, amount)
        self._foreseen(channel, TopUp(caller=self.signer.address, channel=channel, amount=amount, value=value))
        receipt = self._pay_in(channel.token, amount, "topUp", channel.calldata, amount)
        return self._left(channel, receipt, "ToppedUp")

    def authorize_open(
        self,
        channel: Channel,
        deposit: Money,
        method: Method = Method.ERC3009,
        *,
        deadline: int | None = None,
        nonce: int | None = None,
        accept: Iterable[str] = (),
    ) -> SignedDeposit:
        """The payer's signature that starts the present epoch, and no other; nothing is sent. `accept` as for `open`.

        It counts for a day, unless `deadline` says otherwise; PERMIT2 needs an allowance for Permit2, whose `nonce` may
        be named. Raises `PreflightRefused`, nothing signed.
        """
        amount, before = self._units(deposit, channel.token), self._until(deadline)
        place = self.domain.contract
        action = OpenBySig(channel=channel, amount=amount, contract=place, method=method, before=before)
        epoch = (self._foreseen(channel, action)).epoch
        funding = Funding(kind=FundingKind.OPEN.value, channel_id=channel.id, epoch=epoch)
        unsigned = self._deposit(channel, funding, deposit, before)
        self._require_safe_open(channel, deposit, (), accept)
        return self._sign_deposit(unsigned, method, nonce)

    def authorize_top_up(
        self,
        channel: Channel,
        money: Money,
        method: Method = Method.ERC3009,
        *,
        salt: int = 0,
        deadline: int | None = None,
        nonce: int | None = None,
    ) -> SignedDeposit:
        """As `authorize_open`, to add to the deposit; of those with one `salt` only one ever counts in an epoch."""
        amount, before = self._units(money, channel.token), self._until(deadline)
        action = TopUpBySig(channel=channel, amount=amount, method=method, before=before)
        epoch = (self._foreseen(channel, action)).epoch
        funding = Funding(kind=FundingKind.TOP_UP.value, channel_id=channel.id, epoch=epoch, salt=salt)
        return self._sign_deposit(self._deposit(channel, funding, money, before), method, nonce)

    def submit(self, signed: SignedDeposit) -> ChainLane:
        """Brings what the payer has signed, and pays the gas; anyone may. Raises `Malformed` for another contract's."""
        channel, deposit = self._ours(signed, Channel), signed.deposit
        verb, event = _VERBS[FundingKind(deposit.funding.kind)]
        return self._step(verb, event, channel, deposit.amount, signed.calldata)

    def _opened(self, channel: Channel, deposit: Money) -> ChainLane:
        amount = self._units(deposit, channel.token)
        receipt = self._pay_in(channel.token, amount, "open", channel.calldata, amount)
        return self._left(channel, receipt, "Opened")

    def _require_safe_open(
        self, channel: Channel, deposit: Money, seen: Iterable[Address], accept: Iterable[str]
    ) -> None:
        parties = {channel.signer} - {channel.payer, channel.payee}
        args = channel.calldata, deposit.units
        self._require_safe(channel.payee, deposit, "open", *args, parties=parties, seen=seen, accept=accept)

    def _foreseen(self, channel: Channel, action: Open | OpenBySig | TopUp | TopUpBySig) -> ChainLane:
        """The rules' answer before an allowance is given, or a signature, that would stay open after a refusal."""
        lane, _ = transition(self.lane(channel.id, as_of="latest"), action, self.chain.now())
        return self._shown(channel, lane)


def _value(channel: Channel, amount: Amount) -> int:
    """The wei that go along."""
    return amount if channel.token == NOBODY else 0
