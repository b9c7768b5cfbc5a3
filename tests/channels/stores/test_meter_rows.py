"""Of a channel's meters those of the session's own epoch count, and of these what its promises still cover."""

from msgspec.structs import replace

from chain.signer import Signer
from chain.typed_data import Domain
from chain.units import Amount
from channels import Channel, Lane, PayeeSession
from channels.stores.book import MeterRow
from channels.stores.meter_rows import belonging, opening_text, served_beyond, unfolded
from channels.ticks import TicksOpening
from tests.channels.ticks.conftest import EACH, EXPIRY, Desk, chain_of, stretch_of


def row_of(opening: TicksOpening, position: int, epoch: int, served: int = 0) -> MeterRow:
    promise = opening.promise
    assert promise is not None
    return MeterRow(
        channel_id=opening.voucher.channel.id,
        promise_hash=promise.struct_hash(),
        epoch=epoch,
        opening=opening_text(opening),
        position=position,
        tip=chain_of().tip(position),
        served=Amount(served),
    )


def test_one_promise_in_two_epochs_has_two_meters(channel: Channel, domain: Domain, signers: dict[str, Signer]) -> None:
    """A payer may promise the same ticks again in the next epoch."""
    desk = Desk(channel, domain, signers["signer"])
    openings = [desk.opening(stretch_of(chain_of(), 3), 3 * EACH, epoch=epoch) for epoch in range(2)]
    old, now = (row_of(opening, 5, epoch, 4 * EACH) for epoch, opening in enumerate(openings))
    (promise,) = openings[1].voucher.promises
    session = PayeeSession(channel=channel, lane=Lane(epoch=1), accepted=Amount(3 * EACH), promises=(promise,))
    other = replace(now, opening=opening_text(desk.opening(stretch_of(chain_of(), 3), expiry=EXPIRY + 1, epoch=1)))
    assert unfolded(session, [old, now, other]) == 2 * EACH
    assert served_beyond(session, [old, now]) == EACH
    assert belonging(openings[1], [old, now]) is now
    assert belonging(openings[1], [old]) is None
