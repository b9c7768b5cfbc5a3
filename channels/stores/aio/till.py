"""What a payee keeps, in one database."""

from channels.stores.aio.deliveries import AsyncTillDeliveries
from channels.stores.aio.journal import AsyncTillJournal
from channels.stores.aio.meters import AsyncTillMeters
from channels.stores.aio.recovering import AsyncTillRecovering
from channels.stores.aio.vouchers import AsyncTillVouchers


class AsyncTill(AsyncTillVouchers, AsyncTillDeliveries, AsyncTillMeters, AsyncTillJournal, AsyncTillRecovering):
    """The law, which the database keeps whoever writes:

    newest wins                 within an epoch sums only rise, and epochs only rise
    once                        no key is delivered twice, for no other price
    durable before the answer   what returned survives a crash
    compare and set             a change is made only to what it was decided by
    """
