# Generated from escrow/aio/__init__.py by make fix; edit that one.
"""Clients for asyncio; the twins in `escrow.sync` are generated from these."""
