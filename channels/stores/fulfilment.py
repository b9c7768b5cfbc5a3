"""What an order comes to, whatever database keeps it."""

from collections.abc import Mapping

from chain.errors import Malformed
from chain.units import Amount
from channels.errors import ChannelClosing, DeliveryRefunded, KeyReused
from channels.payee_session import PayeeSession
from channels.stores.book import Delivered, Order
from channels.stores.columns import ZERO, amount, blob

LONGEST_KEY = 1_024
"""Bytes in UTF-8; a database's index takes no more than about twice as many."""


def fulfil(
    session: PayeeSession, order: Order, known: Mapping[str, Delivered]
) -> tuple[PayeeSession, list[Delivered], dict[str, Delivered]]:
    """The session after it, the answer for each key, and what of it is new; `known` are deliveries made before.

    What is known is answered again, also while the channel is stopped. Raises `KeyReused`, `InvalidAmount`,
    `NotEnough`, `ChannelClosing`, `DeliveryRefunded`: then nothing of it is delivered.
    """
    answers, made = list[Delivered](), dict[str, Delivered]()
    for key, price in order.prices.items():
        answer = known.get(key)
        if answer is None:
            if session.stopped:
                raise ChannelClosing(session.channel.id, session.lane.closes_at)
            session = session.deliver(price)
            answer = made[key] = Delivered(price, Amount(session.delivered - session.refunded), Amount(session.left))
        elif answer.price != price:
            raise KeyReused(key, price, answer.price)
        elif answer.refunded == price:
            raise DeliveryRefunded(key, price)
        answers.append(answer)
    return session, answers, made


def fault_of(order: Order) -> Malformed | None:
    """Why a key of it names no delivery, or not every database can keep it and would fail the batch that it is in."""
    faults = (_fault_of(key) for key in order.prices)
    return next((Malformed("key", fault) for fault in faults if fault), None)


def delivery_values(
    order: Order, epoch: int, key: str, made: Delivered
) -> tuple[bytes, str, int, int, bytes, bytes, bytes, bytes]:
    """A new delivery as it is stored."""
    sums = blob(made.delivered), blob(made.delivered + made.left)
    return order.channel_id, key, epoch, order.at, blob(made.price), ZERO, *sums


def delivered_of(price: bytes, delivered: bytes, accepted: bytes, refunded: bytes) -> Delivered:
    """The answer in columns of these names."""
    left = Amount(amount(accepted) - amount(delivered))
    return Delivered(amount(price), amount(delivered), left, amount(refunded))


def _fault_of(key: object) -> str:
    if not isinstance(key, str):
        return f"{key!r} is no text"
    if not key:  # By mistake, so for every request: all but the first would be repeats.
        return "it is empty"
    try:
        length = len(key.encode())
    except UnicodeEncodeError:
        return "it is no Unicode text"
    if length > LONGEST_KEY:
        return f"it has {length} bytes, at most {LONGEST_KEY} are allowed"
    return "it has a zero in it" if "\0" in key else ""
