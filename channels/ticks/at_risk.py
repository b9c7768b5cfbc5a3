"""What ticks put at risk: they are accepted money, before any voucher's amount holds them."""

from chain.units import Amount
from channels.exposure import ChannelExposure, Exposure, Limits
from channels.payee_session import PayeeSession


def room(limits: Limits, session: PayeeSession) -> int | None:
    """How much ticks may come to beside what the session has accepted, in base units; None is without a limit.

    What other channels have at risk is known where vouchers are kept; in all it is this one's at least.
    """
    channel = _with(session, 0)
    return limits.room(_alone(channel), channel)


def require_room(limits: Limits, session: PayeeSession, ticks: int, more: int) -> None:
    """For `more` base units beside so much in `ticks`. Raises `OverLimit`."""
    channel = _with(session, ticks)
    limits.require(_alone(channel), channel, more)


def _with(session: PayeeSession, ticks: int) -> ChannelExposure:
    return ChannelExposure(
        accepted=Amount(session.accepted + ticks),
        settled=session.lane.settled,
        deposit=Amount(session.lane.deposit - session.unconfirmed),
    )


def _alone(channel: ChannelExposure) -> Exposure:
    return Exposure(at_risk=channel.at_risk, unconfirmed=min(channel.unconfirmed, channel.at_risk))
