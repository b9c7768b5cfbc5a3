"""From what a payee's store holds to the facts of its ledger."""

from collections.abc import Iterable, Iterator, Sequence

from chain.units import NO_HASH, Amount, Hash32, Seconds
from channels.channel import ChannelId
from channels.ledger.facts import Accepted, Delivered, Fact, Forgone, Refunded, Returned, Settled
from channels.ledger.facts import Fee as FeePaid
from channels.payee_session import PayeeSession
from channels.stores.book import Book, Delivery, Fee, Settlement

Place = tuple[ChannelId, int]


def facts_of(
    books: Sequence[Book], deliveries: Iterable[Delivery], settlements: Iterable[Settlement], fees: Iterable[Fee]
) -> Iterator[Fact]:
    """Epoch by epoch. What is settled counts as far as it is final; what no own transaction brought has no hash.

    An epoch's vouchers are one fact, at the time of the last look: only the newest is kept.
    """
    newest = {book.session.channel.id: book.session.lane.epoch for book in books}
    delivered, settled = dict[Place, list[Delivery]](), dict[Place, list[Settlement]]()
    for delivery in deliveries:
        delivered.setdefault((delivery.channel_id, delivery.epoch), []).append(delivery)
    for settlement in settlements:
        settled.setdefault((settlement.channel_id, settlement.epoch), []).append(settlement)
    for book in books:
        session, at = book.session, Seconds(book.seen_at // 1000)
        place = session.channel.id, session.lane.epoch
        if session.accepted:
            yield Accepted(time=at, channel=session.channel, epoch=place[1], amount=session.accepted)
        yield from _delivered(session, delivered.get(place, []))
        yield from _settled(session, at, settled.get(place, []))
        if session.lane.epoch != newest[session.channel.id]:
            yield from _ended(session, at)
    for fee in fees:
        yield FeePaid(time=fee.at, transaction=Hash32(fee.transaction_hash), amount=Amount(fee.amount))


def _delivered(session: PayeeSession, made: list[Delivery]) -> Iterator[Fact]:
    """A refund follows its delivery: another one may have been made of its money. What gave more back came first.

    Clocks are set back, and a second has room for many: so the times say nothing of the order.
    """
    channel, epoch = session.channel, session.lane.epoch
    for one in sorted(made, key=lambda each: (-each.refunded, each.at, each.key)):
        yield Delivered(time=one.at, channel=channel, epoch=epoch, amount=one.price, key=one.key)
        if one.refunded:
            yield Refunded(time=one.at, channel=channel, epoch=epoch, amount=one.refunded, key=one.key)


def _settled(session: PayeeSession, at: Seconds, made: list[Settlement]) -> Iterator[Fact]:
    channel, epoch, left = session.channel, session.lane.epoch, int(session.lane.settled)
    for one in made:
        paid = Amount(min(one.amount, left))
        left -= paid
        if paid:
            transaction = Hash32(one.transaction_hash)
            yield Settled(time=one.at, channel=channel, epoch=epoch, amount=paid, transaction=transaction)
    if left:
        yield Settled(time=at, channel=channel, epoch=epoch, amount=Amount(left), transaction=NO_HASH)


def _ended(session: PayeeSession, at: Seconds) -> Iterator[Fact]:
    channel, epoch, rest = session.channel, session.lane.epoch, session.owed
    returned = min(rest, session.left)
    if returned:
        yield Returned(time=at, channel=channel, epoch=epoch, amount=Amount(returned))
    if rest > returned:
        yield Forgone(time=at, channel=channel, epoch=epoch, amount=Amount(rest - returned))
