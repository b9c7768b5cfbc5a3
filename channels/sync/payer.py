# Generated from channels/aio/payer.py by make fix; edit that one.
"""The paying end: it opens channels, and pays through them without the chain."""

from channels.sync.payer_asking import PayerAsking
from channels.sync.payer_chain import PayerChain
from channels.sync.payer_paying import PayerPaying
from channels.sync.payer_promising import PayerPromising
from channels.sync.payer_ticking import PayerTicking


class Payer(PayerChain, PayerPaying, PayerPromising, PayerTicking, PayerAsking):
    """Channels of one key. It believes its own transactions once a block includes them."""
