"""The one error tree; every leaf carries its facts as attributes.

EarnestError
    InvalidValue        a value that can't be what it claims to be, whatever the state
    IllegalAction       a contract (or its twin) refuses the action now; leaves are named as the Solidity errors
    InvalidMessage      a signed message that must not be accepted
    Refused             we decline, although the chain would allow it
    ChainError          the node, the network or a transaction
    StoreError          the disk or the database
    ToolError           a compiler or another program that we drive
"""

from dataclasses import dataclass, fields
from typing import Any, ClassVar, dataclass_transform


@dataclass_transform(eq_default=False)
class EarnestError(Exception):
    """The root. A subclass declares its facts as annotations and its sentence as `says`; both make the constructor."""

    says: ClassVar[str] = "{facts}"
    retryable: ClassVar[bool] = False
    by_name: ClassVar[dict[str, type["EarnestError"]]] = {}
    """Every class of the tree; names are unique, so a contract's error finds its twin here."""

    def __init_subclass__(cls) -> None:
        dataclass(eq=False, repr=False)(cls)
        known = EarnestError.by_name.setdefault(cls.__name__, cls)
        if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"{known.__module__} has an error {cls.__name__} already")
        EarnestError.by_name[cls.__name__] = cls

    @property
    def facts(self) -> dict[str, Any]:
        """What was wrong with which value, by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]

    def __str__(self) -> str:
        return self.says.format(**self.facts, facts=self.facts)

    def __repr__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{type(self).__name__}({facts})"

    def __reduce__(self) -> tuple[type["EarnestError"], tuple[Any, ...]]:
        return type(self), tuple(self.facts.values())


class InvalidValue(EarnestError):
    """A value that can't be what it claims to be."""


class IllegalAction(EarnestError):
    """The rules forbid this action in this state at this time; nothing has moved."""


class InvalidMessage(EarnestError):
    """A signed message that must not be accepted."""


class Refused(EarnestError):
    """We decline, although the chain would allow it."""


class ChainError(EarnestError):
    """The node, the network or a transaction failed us."""


class StoreError(EarnestError):
    """The disk or the database failed us; what was answered before is safe."""


class ToolError(EarnestError):
    """A program that we drive is missing or failed."""


class NotAnAddress(InvalidValue):
    """Twenty bytes in hex, with an EIP-55 checksum, are an address; nothing else is."""

    says = "{value!r} is no address: {why}"
    value: object
    why: str


class OutOfRange(InvalidValue):
    """An integer that its Solidity type can't hold."""

    says = "{name} is {value}, allowed are {minimum} to {maximum}"
    name: str
    value: object
    minimum: int
    maximum: int


class WrongLength(InvalidValue):
    """Bytes of a length that their type doesn't have."""

    says = "{name} has {length} bytes, {expected} are needed"
    name: str
    length: int
    expected: int


class Malformed(InvalidValue):
    """Data from outside that has not the agreed shape."""

    says = "{what}: {why}"
    what: str
    why: str


class TooPrecise(InvalidValue):
    """A decimal amount with more places than the token has."""

    says = "{text} has more than the {decimals} decimal places of {symbol}"
    text: str
    decimals: int
    symbol: str


class TokenMismatch(InvalidValue):
    """Two amounts of different tokens can't be added or compared."""

    says = "{left} and {right} are different tokens"
    left: str
    right: str


class ExtraMissing(ToolError):
    """A part of the distribution that has not been installed."""

    says = "{module} is missing: install earnest[{extra}]"
    extra: str
    module: str


class OtherChain(InvalidValue):
    """Money of another chain; at its token's address may be anything here."""

    says = "{symbol} is of chain {found}, not {expected}"
    symbol: str
    found: int
    expected: int


class InsufficientBalance(Refused):
    """The owner has less of the token than is needed, in base units; nothing was sent."""

    says = "{owner} has {balance} of token {token}, {needed} are needed"
    token: str
    owner: str
    balance: int
    needed: int


class InvalidSignature(InvalidMessage):
    """Signed by another key than the expected one; the zero address stands for no signature at all."""

    says = "signed by {signer}, not by {expected}"
    signer: str
    expected: str


class MalformedSignature(InvalidSignature):
    """No signature that the chain would accept, whoever made it: wrong length, high s, v not 27 or 28."""

    says = "not a signature by {expected}: {why}"
    why: str


class Reverted(ChainError):
    """A contract reverted with something that is no rule of ours: a text, a panic, an error of another contract."""

    says = "reverted: {reason}"
    reason: str
    data: bytes


class WrongChain(ChainError):
    """The node at `host` serves another chain than the one that was asked for."""

    says = "{host} serves chain {found}, not {expected}"
    host: str
    expected: int
    found: int


class NodeBehind(ChainError):
    """The node's newest block is older than is believed, in seconds: what has happened since, it doesn't show."""

    says = "the node's newest block is {behind} s old, {most} s are believed"
    retryable = True
    behind: int
    most: int


class NodeUnreachable(ChainError):
    """No node answered; nothing has been sent. Only hosts are named: the rest of an RPC address is often a secret."""

    says = "{host} can't be reached: {why}"
    retryable = True
    host: str
    why: str


class NodesDisagree(ChainError):
    """Fewer than `needed` nodes say the same; `answers` are what each host said."""

    says = "fewer than {needed} nodes agree on {method}: {answers}"
    retryable = True
    method: str
    needed: int
    answers: tuple[tuple[str, str], ...]


class NodeRefused(ChainError):
    """The node answered that it won't."""

    says = "the node refuses {method}: {why}"
    method: str
    code: int
    why: str


class NotSent(ChainError):
    """The node did not take the transaction, so it will never be included."""

    says = "not sent from {account}: {why}"
    retryable = True
    account: str
    why: str


class NotIncluded(ChainError):
    """No block has it yet, but one may: wait for it again (`Chain.wait`); sending anew could pay twice."""

    says = "transaction {transaction} is in no block after {seconds} seconds"
    transaction: str
    seconds: float


class UnknownToken(ChainError):
    """Not a token of this network's list, or no token at all."""

    says = "unknown token {token}: {why}"
    token: str
    why: str
