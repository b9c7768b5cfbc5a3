"""Reads the chain and the stores; `sync/` is generated from it."""
