"""Clients for asyncio; the twins in `escrow.sync` are generated from these."""
