# Generated from channels/aio/payee.py by make fix; edit that one.
"""The paid end: it keeps vouchers, delivers against them, and claims them on chain."""

from channels.sync.payee_asked import PayeeAsked
from channels.sync.payee_bookkeeping import PayeeBookkeeping
from channels.sync.payee_delivering import PayeeDelivering
from channels.sync.payee_guarding import PayeeGuarding


class Payee(PayeeGuarding, PayeeDelivering, PayeeBookkeeping, PayeeAsked):
    """Channels to one key. It counts on deposits that are final and on vouchers that are on disk, on nothing else."""
