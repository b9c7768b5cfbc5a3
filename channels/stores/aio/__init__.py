"""Stores over any database, for asyncio; `sync` is generated from it."""
