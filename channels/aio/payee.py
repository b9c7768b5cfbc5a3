"""The paid end: it keeps vouchers, delivers against them, and claims them on chain."""

from channels.aio.payee_asked import AsyncPayeeAsked
from channels.aio.payee_bookkeeping import AsyncPayeeBookkeeping
from channels.aio.payee_delivering import AsyncPayeeDelivering
from channels.aio.payee_guarding import AsyncPayeeGuarding


class AsyncPayee(AsyncPayeeGuarding, AsyncPayeeDelivering, AsyncPayeeBookkeeping, AsyncPayeeAsked):
    """Channels to one key. It counts on deposits that are final and on vouchers that are on disk, on nothing else."""
