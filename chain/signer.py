"""Who signs: a key that is used, and never shown."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coincurve import PrivateKey

from chain import secp256k1
from chain.errors import InvalidValue, Malformed, ToolError
from chain.signing import M, Signed, address_of
from chain.typed_data import Domain
from chain.units import Address, Hash32

_HEX_KEY = re.compile(r"0x[0-9a-fA-F]{64}")
Password = str | Callable[[], str]


class WrongPassword(InvalidValue):
    """The keystore file does not open with this password."""

    says = "{path} does not open with this password"
    path: str


class NoSuchKey(InvalidValue):
    """The system's keyring has no key of this name."""

    says = "the keyring has no key named {name!r}"
    name: str


class KeyringUnusable(ToolError):
    """The system has no keyring, or it stays locked."""

    says = "the keyring can't be used: {why}"
    why: str


class Signer:
    """A secp256k1 key behind its address. Neither repr, str, pickle nor copy ever give the key away."""

    __slots__ = ("__key", "address")
    address: Address

    def __init__(self, secret: bytes) -> None:
        if len(secret) != 32:
            raise Malformed("private key", f"it has {len(secret)} bytes, not 32")
        try:
            self.__key = PrivateKey(secret)
        except ValueError:
            raise Malformed("private key", "it is not between 1 and the order of secp256k1") from None
        self.address = address_of(self.__key.public_key)

    @classmethod
    def generate(cls) -> "Signer":
        """A new random key; it is lost with the process unless `save` keeps it."""
        return cls(PrivateKey().secret)

    @classmethod
    def from_key(cls, text: str) -> "Signer":
        """From 0x hex. Raises `Malformed`, which never holds any of the text."""
        if not _HEX_KEY.fullmatch(text):
            raise Malformed("private key", "it is not 0x and 64 hex digits")
        return cls(bytes.fromhex(text[2:]))

    @classmethod
    def keystore(cls, path: str | Path, password: Password) -> "Signer":
        """From an encrypted keystore file (Web3 Secret Storage, version 3). Raises `WrongPassword`, `Malformed`."""
        from eth_account import Account  # slow to import, and only keystores need it

        try:
            document = json.loads(Path(path).read_bytes())
            return cls(bytes(Account.decrypt(document, password() if callable(password) else password)))
        except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, NotImplementedError):
            raise Malformed("keystore", f"{path} is no Web3 Secret Storage of version 3") from None
        except ValueError:
            raise WrongPassword(str(path)) from None

    @classmethod
    def keyring(cls, name: str, service: str = "earnest") -> "Signer":
        """From the operating system's keyring. Raises `NoSuchKey`, `KeyringUnusable`, `Malformed`."""
        import keyring  # talks to the desktop when imported
        from keyring.errors import KeyringError

        try:
            secret = keyring.get_password(service, name)
        except KeyringError as error:
            raise KeyringUnusable(type(error).__name__) from None
        if secret is None:
            raise NoSuchKey(name)
        return cls.from_key(secret)

    def save(self, path: str | Path, password: Password) -> None:
        """Write a keystore file, readable by its owner alone; an existing one is never replaced (`FileExistsError`)."""
        from eth_account import Account

        secret = self.__key.secret
        document = Account.encrypt(secret, password() if callable(password) else password)
        with open(path, "x", opener=_private) as file:
            json.dump(document, file)

    def sign_digest(self, digest: Hash32) -> bytes:
        """65 bytes r, s, v with a low s and v of 27 or 28, deterministic (RFC 6979)."""
        return secp256k1.sign(self.__key.secret, digest)

    def sign(self, domain: Domain, message: M) -> Signed[M]:
        """The EIP-712 signature of `message` for `domain`."""
        return Signed(message, self.address, self.sign_digest(domain.digest(message)))

    def sign_transaction(self, transaction: dict[str, Any]) -> bytes:
        """The raw bytes of a signed transaction."""
        from eth_account import Account

        return bytes(Account.sign_transaction(transaction, self.__key.secret).raw_transaction)

    def __repr__(self) -> str:
        return f"Signer({self.address})"

    def __reduce__(self) -> str:
        raise TypeError("a signer is never pickled or copied: its key would leave it")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
