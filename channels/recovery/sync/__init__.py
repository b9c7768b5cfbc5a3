# Generated from channels/recovery/aio/__init__.py by make fix; edit that one.
"""Reads the chain and the stores; `sync/` is generated from it."""
