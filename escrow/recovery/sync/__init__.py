# Generated from escrow/recovery/aio/__init__.py by make fix; edit that one.
"""Reads the chain; `sync/` is generated from it."""
