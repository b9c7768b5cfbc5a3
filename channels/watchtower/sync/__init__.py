# Generated from channels/watchtower/aio/__init__.py by make fix; edit that one.
"""Clients of a tower; the twins in `channels.watchtower.sync` are generated from these."""
