"""What a payee is willing to lose."""

from dataclasses import dataclass, replace
from typing import Self

from chain.units import Amount
from channels.exposure.bound import Bound, require, require_amounts, room_of
from channels.exposure.exposure import ChannelExposure, Exposure

_NOTHING = Amount(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Base units of one token; None is no limit. Unconfirmed deposits are worth nothing unless both limits say more.

    `at_risk` bounds what all payers together can make the payee lose, `at_risk_per_channel` what one channel can.
    """

    at_risk: Amount | None = None
    at_risk_per_channel: Amount | None = None
    unconfirmed: Amount | None = _NOTHING
    unconfirmed_per_channel: Amount | None = _NOTHING

    def __post_init__(self) -> None:
        require_amounts(self)

    def capped(self, at_risk: Amount) -> Self:
        """With this limit in all where there is none."""
        return self if self.at_risk is not None else replace(self, at_risk=at_risk)

    def room(self, total: Exposure, channel: ChannelExposure) -> int | None:
        """How much more may be accepted in this channel, which `total` counts already; None is without a limit."""
        return room_of(self._bounds(total, channel))

    def require(self, total: Exposure, channel: ChannelExposure, more: int) -> None:
        """Raises `OverLimit` where `more` is above `room`. What adds no risk is never refused."""
        require(self._bounds(total, channel), more)

    def _bounds(self, total: Exposure, channel: ChannelExposure) -> tuple[Bound, ...]:
        covered = channel.covered
        return (
            Bound("at_risk_per_channel", channel.at_risk, self.at_risk_per_channel),
            Bound("at_risk", total.at_risk, self.at_risk),
            Bound("unconfirmed_per_channel", channel.unconfirmed, self.unconfirmed_per_channel, covered),
            Bound("unconfirmed", total.unconfirmed, self.unconfirmed, covered),
        )
