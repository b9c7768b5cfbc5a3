"""Clients of a tower; the twins in `channels.watchtower.sync` are generated from these."""
