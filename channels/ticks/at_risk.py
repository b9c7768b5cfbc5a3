"""What ticks put at risk: they are accepted money, before any voucher's amount holds them."""

from dataclasses import dataclass

from chain.units import Amount
from channels.exposure import ChannelExposure, Exposure, Limits
from channels.payee_session import PayeeSession


@dataclass(frozen=True, kw_only=True, slots=True)
class TicksAtRisk:
    """What counts against `limits` beside a session's vouchers: its `ticks`, in base units, and other channels.

    All channels' vouchers have `total` at risk, and not confirmed of it; without it other channels don't count.
    """

    limits: Limits
    ticks: int
    total: tuple[int, int] | None = None

    def room(self, session: PayeeSession) -> int | None:
        """How much more may come, in base units; None is without a limit."""
        channel = self._with(session, 0)
        return self.limits.room(self._in_all(session, channel), channel)

    def require(self, session: PayeeSession, more: int, beside: int = 0) -> None:
        """For `more` base units, with so much in ticks `beside` those that are known. Raises `OverLimit`."""
        channel = self._with(session, beside)
        self.limits.require(self._in_all(session, channel), channel, more)

    def _with(self, session: PayeeSession, beside: int) -> ChannelExposure:
        return ChannelExposure(
            accepted=Amount(session.accepted + self.ticks + beside),
            settled=session.lane.settled,
            deposit=Amount(session.lane.deposit - session.unconfirmed),
        )

    def _in_all(self, session: PayeeSession, channel: ChannelExposure) -> Exposure:
        total, own = (self.total, session.exposure) if self.total else ((0, 0), (0, 0))
        at_risk = max(total[0] - own[0], 0) + channel.at_risk
        unconfirmed = max(total[1] - own[1], 0) + channel.unconfirmed
        return Exposure(at_risk=at_risk, unconfirmed=min(unconfirmed, at_risk))
