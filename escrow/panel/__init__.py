"""Arbiters with one voice: a panel of k of n, what its members sign, and what it refuses."""

from escrow.panel import errors

__all__ = ["errors"]
