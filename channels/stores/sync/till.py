# Generated from channels/stores/aio/till.py by make fix; edit that one.
"""What a payee keeps, in one database."""

from channels.stores.sync.deliveries import TillDeliveries
from channels.stores.sync.journal import TillJournal
from channels.stores.sync.meters import TillMeters
from channels.stores.sync.recovering import TillRecovering
from channels.stores.sync.vouchers import TillVouchers


class Till(TillVouchers, TillDeliveries, TillMeters, TillJournal, TillRecovering):
    """The law, which the database keeps whoever writes:

    newest wins                 within an epoch sums only rise, and epochs only rise
    once                        no key is delivered twice, for no other price
    durable before the answer   what returned survives a crash
    compare and set             a change is made only to what it was decided by
    """
