"""Stores in PostgreSQL, for many processes and machines; importing this brings no driver."""

from channels.stores.postgres.opening import PostgresStore

__all__ = ["PostgresStore"]
