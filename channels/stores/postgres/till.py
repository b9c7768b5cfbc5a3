"""What a payee keeps, where many processes and machines share it."""

from channels.stores.aio.till import AsyncTill
from channels.stores.postgres.deliveries import AsyncPostgresDeliveries
from channels.stores.postgres.meters import AsyncPostgresMeters
from channels.stores.postgres.vouchers import AsyncPostgresVouchers


class AsyncPostgresTill(AsyncPostgresVouchers, AsyncPostgresDeliveries, AsyncPostgresMeters, AsyncTill):
    """The law of `AsyncTill`, a batch at a time."""
