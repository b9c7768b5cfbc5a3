# Generated from channels/stores/aio/__init__.py by make fix; edit that one.
"""Stores over any database, for asyncio; `sync` is generated from it."""
