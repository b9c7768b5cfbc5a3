"""Clients for asyncio; the twins in `channels.sync` are generated from these. They keep nothing: the chain does."""
