"""How money gets into the random histories' channels: by a call, or by a signature that counts once."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from chain.erc3009 import ReceiveWithAuthorization
from chain.errors import EarnestError
from chain.permit2 import Method
from chain.units import NOBODY, Amount, Seconds
from channels import Channel, Open, TopUp
from channels.actions import OpenBySig, TopUpBySig
from channels.funding import Funding, FundingKind
from tests.conformance.lane_people import CHANNELS, PEOPLE, SIGNERS, USDC_DOMAIN, deposits, mostly, people, which
from tests.conformance.lane_twins import EVE, Twins
from tests.conformance.lane_world import HOME


class Depositing(Twins):
    """With the authorizations that were used."""

    def begin_anew(self) -> None:
        super().begin_anew()
        self.used: list[tuple[Channel, str, int, Any]] = []

    @rule(
        channel=which,
        amount=mostly(1_000, deposits | st.just(0)),
        caller=mostly(None, people),
        contrary=mostly(False, st.just(True)),
        slip=mostly(0, st.just(1)),
        by_sig=st.booleans(),
        until=mostly(10**6, st.integers(0, 1)),
    )
    def put_in(
        self,
        channel: int,
        amount: int,
        caller: str | None,
        contrary: bool,
        slip: int,
        by_sig: bool,
        until: int = 10**6,
    ) -> None:
        """Opens what is ended, else tops up; or the contrary, or with a wei too many."""
        descriptor = CHANNELS[channel]
        tops_up = self.books[descriptor].lane.is_open is not contrary
        shared: dict[str, Any] = {"channel": descriptor, "amount": Amount(amount)}
        if by_sig:
            before = Seconds(self.now + until)
            self._by_authorization(shared | {"before": before, "method": Method(1 - slip)}, tops_up=tops_up)
            return
        who = PEOPLE.get(caller or "", descriptor.payer)
        value = (amount if descriptor.token == NOBODY else 0) + slip
        action = (
            TopUp(**shared, caller=who, value=value)
            if tops_up
            else Open(**shared, caller=who, value=value, contract=HOME.contract)
        )
        self.both(action, descriptor.calldata, amount, caller=who, value=value)

    def _by_authorization(self, shared: dict[str, Any], *, tops_up: bool) -> None:
        """A right one: what a token refuses, the twin does not know."""
        channel, amount, salt = shared["channel"], shared["amount"], len(self.used)
        kind = FundingKind.TOP_UP if tops_up else FundingKind.OPEN
        epoch = self.books[channel].lane.epoch
        said = Funding(kind=kind.value, channel_id=channel.id, epoch=epoch, salt=salt)
        grant = ReceiveWithAuthorization(
            from_=channel.payer,
            to=HOME.contract,
            value=amount,
            valid_before=shared["before"],
            nonce=HOME.digest(said),
        )
        signature = SIGNERS[channel.payer].sign(USDC_DOMAIN, grant).signature
        authorization = (shared["method"], salt, shared["before"], signature)
        action = TopUpBySig(**shared) if tops_up else OpenBySig(**shared, contract=HOME.contract)
        if self.both(action, channel.calldata, amount, authorization) is None:
            self.used.append((channel, "topUpBySig" if tops_up else "openBySig", amount, authorization))

    @rule(number=st.integers(0, 99))
    def use_an_authorization_again(self, number: int) -> None:
        """Whoever refuses it first, token or lane: nothing moves."""
        if not self.used:
            return
        channel, verb, amount, authorization = self.used[number % len(self.used)]
        self.world.travel(self.now)
        try:
            self.world.send(EVE, "VoucherChannels", verb, channel.calldata, amount, authorization)
        except EarnestError:
            return
        raise AssertionError("an authorization was used twice")
