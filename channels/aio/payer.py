"""The paying end: it opens channels, and pays through them without the chain."""

from channels.aio.payer_asking import AsyncPayerAsking
from channels.aio.payer_chain import AsyncPayerChain
from channels.aio.payer_paying import AsyncPayerPaying
from channels.aio.payer_promising import AsyncPayerPromising
from channels.aio.payer_ticking import AsyncPayerTicking


class AsyncPayer(AsyncPayerChain, AsyncPayerPaying, AsyncPayerPromising, AsyncPayerTicking, AsyncPayerAsking):
    """Channels of one key. It believes its own transactions once a block includes them."""
