"""A wallet's channels as they lie in its columns."""

from typing import Any

from msgspec.structs import replace

from chain.units import Amount
from channels.lane import NOTHING
from channels.payer_session import PayerSession
from channels.stores.columns import (
    amount,
    blob,
    channel_of,
    descriptor,
    lane_of,
    lane_values,
    promises_of,
    promises_text,
)


def session_of(text: str, *columns: Any) -> PayerSession:
    """The session in the columns that `aio/wallet.py` selects."""
    *lane, promised, promises, version, guessed = columns
    session = PayerSession(
        channel=channel_of(text),
        lane=lane_of(*lane),
        promised=amount(promised),
        promises=promises_of(promises),
        guessed=amount(guessed) if guessed else NOTHING,
        version=version,
    )
    return session if guessed else replace(session, guessed=_guessed_of_old(session))


def session_values(session: PayerSession) -> tuple[Any, ...]:
    """A whole row."""
    channel = session.channel
    return channel.id, descriptor(channel), *lane_values(session.lane), *said_values(session)


def said_values(session: PayerSession) -> tuple[bytes, str, int, bytes]:
    """What is promised, as the row's last columns have it."""
    promised, guessed = blob(session.promised), blob(session.guessed)
    return promised, promises_text(session.promises), session.version, guessed


def _guessed_of_old(session: PayerSession) -> Amount:
    """Version 3 kept none. There all was guessed before the first voucher, and may have been where it is as much as the
    deposit or what is settled, without promises.
    """
    whole = session.lane.deposit, session.lane.settled
    doubtful = not session.version or (not session.promises and session.promised in whole)
    return session.promised if doubtful else NOTHING
