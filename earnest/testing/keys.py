"""Keys that everybody knows: worth nothing, and the same in every run."""

from chain.keccak import keccak

PARTIES = ("payer", "payee", "operator", "arbiter", "stranger")


def secret_of(name: str) -> bytes:
    """The test key of a party; never send it money that is worth anything."""
    return keccak(f"earnest test key: {name}".encode())
