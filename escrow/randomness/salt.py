"""Salts make two payments under otherwise equal terms two."""

import secrets

SALT_BITS = 96


def fresh_salt() -> int:
    """96 random bits: nobody can guess the payment id from the other terms."""
    return secrets.randbits(SALT_BITS)
