# Generated from channels/aio/__init__.py by make fix; edit that one.
"""Clients for asyncio; the twins in `channels.sync` are generated from these. They keep nothing: the chain does."""
