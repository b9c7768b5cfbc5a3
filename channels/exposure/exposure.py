"""Money at risk: accepted, and not yet settled on chain."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from chain.units import Amount, uint, within

_NOTHING = Amount(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelExposure:
    """Of one channel's epoch: `deposit` is what is final of it, `unproven` what its promises may add.

    Money of a promise counts as accepted once the payee can prove it, and as `unproven` before that.
    """

    accepted: Amount = _NOTHING
    settled: Amount = _NOTHING
    deposit: Amount = _NOTHING
    unproven: Amount = _NOTHING

    def __post_init__(self) -> None:
        uint("accepted", self.accepted, 96)
        within("settled", self.settled, 0, self.accepted)
        uint("deposit", self.deposit, 96)
        uint("unproven", self.unproven, 96)

    @property
    def at_risk(self) -> int:
        """Lost if the channel pays no more."""
        return self.accepted - self.settled

    @property
    def unconfirmed(self) -> int:
        """The part of it that a reorganisation of the chain could leave without a deposit."""
        return max(self.accepted - self._sure, 0)

    @property
    def covered(self) -> int:
        """What may still be accepted before more is unconfirmed."""
        return max(self._sure - self.accepted, 0)

    @property
    def _sure(self) -> int:
        return max(self.deposit, self.settled)

    def accepting(self, more: int) -> Self:
        """With so much more accepted."""
        accepted = Amount(self.accepted + more)
        return type(self)(accepted=accepted, settled=self.settled, deposit=self.deposit, unproven=self.unproven)


@dataclass(frozen=True, kw_only=True, slots=True)
class Exposure:
    """Of one token, over all channels: a sum that is carried on in one step, whatever the number of channels."""

    at_risk: int = 0
    unconfirmed: int = 0
    unproven: int = 0

    def __post_init__(self) -> None:
        uint("at_risk", self.at_risk, 256)
        within("unconfirmed", self.unconfirmed, 0, self.at_risk)
        uint("unproven", self.unproven, 256)

    @classmethod
    def of(cls, channels: Iterable[ChannelExposure]) -> Self:
        """Their sum; of every epoch that can still pay."""
        at_risk = unconfirmed = unproven = 0
        for channel in channels:
            at_risk += channel.at_risk
            unconfirmed += channel.unconfirmed
            unproven += channel.unproven
        return cls(at_risk=at_risk, unconfirmed=unconfirmed, unproven=unproven)

    def moved(self, before: ChannelExposure, after: ChannelExposure) -> Self:
        """With one channel that was `before` and is `after`. Raises `OutOfRange` where `before` was never counted."""
        return type(self)(
            at_risk=self.at_risk - before.at_risk + after.at_risk,
            unconfirmed=self.unconfirmed - before.unconfirmed + after.unconfirmed,
            unproven=self.unproven - before.unproven + after.unproven,
        )
