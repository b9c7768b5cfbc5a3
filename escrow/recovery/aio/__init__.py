"""Reads the chain; `sync/` is generated from it."""
