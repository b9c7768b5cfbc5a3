"""What the two parties sign for each other. What was signed before, the client forgets: a party must remember it."""

from collections.abc import Iterable
from typing import TypeVar

from chain.errors import Malformed
from chain.money import Money
from chain.units import Seconds
from channels.aio.duplex_base import AsyncDuplexBase
from channels.duplex.channel import DuplexChannel
from channels.duplex.errors import AlreadyChallenged, NoState, NotParty
from channels.duplex.law import require_covered
from channels.duplex.messages import Challenge, CloseTogether, State, WithdrawTogether
from channels.duplex.promise import DuplexPromise, promises_hash
from channels.duplex.signed_challenge import SignedChallenge
from channels.duplex.signed_state import SignedState
from channels.duplex.signed_together import SignedCloseTogether, SignedWithdrawTogether
from channels.errors import WrongEpoch

Together = TypeVar("Together", SignedCloseTogether, SignedWithdrawTogether)
HOUR = 3_600
"""A half-signed close is the other party's choice, so it is a short one."""


class AsyncDuplexSigning(AsyncDuplexBase):
    """Nothing is sent. Who owes is said in money: `a_owes` or `b_owes`, or neither."""

    async def propose(
        self,
        channel: DuplexChannel,
        version: int,
        *,
        a_owes: Money | None = None,
        b_owes: Money | None = None,
        promises: Iterable[DuplexPromise] = (),
    ) -> SignedState:
        """A state of the present epoch with the signer's signature; A proposes odd versions, B even ones.

        Propose none that is better for yourself than your last full one: the other needn't sign it to post it.
        """
        listed = tuple(promises)
        state = State(
            channel_id=channel.id,
            epoch=(await self.duplex(channel.id)).epoch,
            version=version,
            net=self._net(channel, a_owes, b_owes),
            promises=promises_hash(listed),
        )
        return await self.sign_state(SignedState(channel=channel, message=state, promises=listed))

    async def sign_state(self, state: SignedState) -> SignedState:
        """Adds the signer's signature, if final deposits cover what either party may come to owe, in no fight.

        Sign only versions above every one that you have signed. Raises `NotCovered`, `WrongEpoch`, `AlreadyChallenged`,
        `NoState`, and `InvalidSignature` for who is no party.
        """
        message, channel = state.message, state.channel
        if message.version == 0:
            raise NoState
        final = await self.duplex(channel.id)
        if message.epoch != final.epoch:
            raise WrongEpoch(message.epoch, final.epoch)
        if (await self.fight(channel, message.epoch, as_of="latest")).deadline:
            raise AlreadyChallenged(channel.id, message.epoch)
        require_covered(state, final)
        return state.signed(self.signer.sign(self.domain, message))

    async def propose_close(
        self,
        channel: DuplexChannel,
        *,
        a_owes: Money | None = None,
        b_owes: Money | None = None,
        deadline: int | None = None,
    ) -> SignedCloseTogether:
        """An end of the present epoch, signed by the signer; for an hour, unless `deadline` says otherwise.

        Sign no state until it has passed, and none while the newest state lists a promise that you could still prove.
        """
        message = CloseTogether(
            channel_id=channel.id,
            epoch=(await self.duplex(channel.id)).epoch,
            net=self._net(channel, a_owes, b_owes),
            deadline=await self._soon(deadline),
        )
        return self.sign_together(SignedCloseTogether(channel=channel, message=message))

    async def propose_withdrawal(
        self,
        channel: DuplexChannel,
        to_a: Money,
        to_b: Money,
        *,
        a_owes: Money | None = None,
        b_owes: Money | None = None,
        deadline: int | None = None,
    ) -> SignedWithdrawTogether:
        """As `propose_close`, but what is not taken out goes on in the next epoch."""
        message = WithdrawTogether(
            channel_id=channel.id,
            epoch=(await self.duplex(channel.id)).epoch,
            net=self._net(channel, a_owes, b_owes),
            to_a=self._units(to_a, channel.token),
            to_b=self._units(to_b, channel.token),
            deadline=await self._soon(deadline),
        )
        return self.sign_together(SignedWithdrawTogether(channel=channel, message=message))

    def sign_together(self, form: Together) -> Together:
        """Adds the signer's signature to what ends an epoch. Raises `InvalidSignature` for who is no party."""
        return form.signed(self.signer.sign(self.domain, form.message))

    async def sign_challenge(
        self, channel: DuplexChannel, state: SignedState | None = None, *, deadline: int | None = None
    ) -> SignedChallenge:
        """The signer's word that anyone may challenge for it, with this state or none; a day, unless said otherwise.

        Raises `NotParty`.
        """
        if self.signer.address not in (channel.signer_a, channel.signer_b):
            raise NotParty(self.signer.address)
        shown = state or SignedState.none(channel, (await self.duplex(channel.id)).epoch)
        message = Challenge(
            channel_id=channel.id,
            epoch=shown.message.epoch,
            version=shown.message.version,
            deadline=await self._until(deadline),
        )
        signature = self.signer.sign(self.domain, message).signature
        by_a = self.signer.address == channel.signer_a
        return SignedChallenge(state=shown, challenge=message, by_a=by_a, signature=signature)

    async def _soon(self, deadline: int | None) -> Seconds:
        return Seconds(await self.chain.now() + HOUR if deadline is None else deadline)

    def _net(self, channel: DuplexChannel, a_owes: Money | None, b_owes: Money | None) -> int:
        """What A owes B, in base units. Raises `Malformed` for two debts."""
        if a_owes is not None and b_owes is not None:
            raise Malformed("net", "either A owes B, or B owes A")
        owed_by_a = 0 if a_owes is None else self._units(a_owes, channel.token)
        return owed_by_a if b_owes is None else -self._units(b_owes, channel.token)
