"""Promises that tests of sessions and stores begin with."""

from collections.abc import Callable
from typing import Any

from chain.keccak import keccak
from chain.signing import Signed
from chain.units import address
from channels import Voucher
from channels.promise import Promise, promises_hash
from channels.proven import Proven

DATA = b"what the condition was told"
EXPIRY: Any = 9_000
Sign = Callable[..., Signed[Voucher]]


def promise(number: int, amount: Any = 40, expiry: Any = EXPIRY) -> Promise:
    return Promise(
        condition=address("0x" + "aa" * 20),
        data_hash=keccak(DATA),
        amount=amount,
        expiry=expiry,
        salt=keccak(bytes([number])),
    )


def proven(of: Promise, released: Any, recorded: Any = 0, *, is_last: bool = False) -> Proven:
    return Proven(promise=of, data=DATA, proof=b"proof", released=released, recorded=recorded, is_last=is_last)


def offer(sign: Sign, amount: int, *promises: Promise) -> tuple[Signed[Voucher], tuple[Promise, ...]]:
    """A voucher with these promises, as `receive` takes it."""
    return sign(amount, promises=promises_hash(promises)), promises
