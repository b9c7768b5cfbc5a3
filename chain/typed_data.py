"""EIP-712: a message's type string is written once, on its class; hashing, checks and JSON follow from it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Any, ClassVar, Self

from chain.errors import Malformed
from chain.keccak import keccak
from chain.member import Member, unhex
from chain.units import Address, Hash32, address

__all__ = ["Domain", "Member", "TypedData", "unhex"]

_DOMAIN_TYPE = "EIP712Domain(string name,{version}uint256 chainId,address verifyingContract)"
_CAMEL = re.compile(r"(?<!^)(?=[A-Z])")


class TypedData:
    """Base of every signed message: a frozen dataclass whose fields are the members of `type_string` in snake case.

    A Python keyword takes an underscore: `from` is the field `from_`.

    A nested struct's field is annotated with its class, and its type follows in `type_string`, as EIP-712 wants it.
    """

    __slots__ = ()
    type_string: ClassVar[str]
    type_hash: ClassVar[Hash32]
    members: ClassVar[tuple[Member, ...]]
    _encoded: Callable[[], bytes]
    _fits: Callable[[], bool]

    def __init_subclass__(cls) -> None:
        listed = cls.type_string[cls.type_string.index("(") + 1 : cls.type_string.index(")")]
        cls.type_hash = keccak(cls.type_string.encode())
        cls.members = tuple(_member(cls.__annotations__, *entry.split(" ")) for entry in listed.split(","))
        cls._encoded = _encoder(cls.type_hash, cls.members)
        cls._fits = _checker(cls.members)

    def __post_init__(self) -> None:
        if not self._fits():
            for member in self.members:
                member.check(getattr(self, member.snake))

    def struct_hash(self) -> Hash32:
        """`hashStruct` of EIP-712."""
        return keccak(self._encoded())

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, bytes as 0x hex: no reader can round them."""
        return {m.camel: m.to_json(getattr(self, m.snake)) for m in self.members}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse: a missing, unknown or malformed member is refused (`InvalidValue`)."""
        if not isinstance(data, Mapping) or set(data) != {m.camel for m in cls.members}:
            raise Malformed(cls.__name__, f"its members are not {', '.join(m.camel for m in cls.members)}")
        return cls(**{m.snake: m.from_json(data[m.camel]) for m in cls.members})


@dataclass(frozen=True, slots=True)
class Domain:
    """Where a signature counts: one contract on one chain, ours unless named. The separator is computed once, at birth.

    Some contracts, as Permit2, have no version.
    """

    chain_id: int
    contract: Address
    name: str = "Earnest"
    version: str | None = "1"
    separator: bytes = field(init=False, repr=False, compare=False)
    _prefix: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        type_hash = keccak(_DOMAIN_TYPE.format(version="" if self.version is None else "string version,").encode())
        names = (keccak(name.encode()) for name in (self.name, self.version) if name is not None)
        place = self.chain_id.to_bytes(32, "big") + bytes(12) + bytes.fromhex(address(self.contract)[2:])
        object.__setattr__(self, "separator", keccak(b"".join((type_hash, *names, place))))
        object.__setattr__(self, "_prefix", b"\x19\x01" + self.separator)

    def digest(self, message: TypedData) -> Hash32:
        """The hash that is signed."""
        return keccak(self._prefix + message.struct_hash())


def _encoder(type_hash: Hash32, members: tuple[Member, ...]) -> Any:
    """One expression a class, as dataclasses has for `__init__`: a loop takes as long as the hash, on the hot path."""
    source = f'lambda m: b"".join((type_hash, {", ".join(member.source for member in members)}))'
    return eval(source, {"type_hash": type_hash})  # noqa: S307  # of names in our own type strings


def _checker(members: tuple[Member, ...]) -> Any:
    """Likewise whether all members surely fit; where it says no, the loop finds out, and says which one doesn't."""
    return eval(f"lambda m: {' and '.join(member.fits for member in members)}")  # noqa: S307  # as above


def _member(annotations: Mapping[str, Any], kind: str, camel: str) -> Member:
    snake = _CAMEL.sub("_", camel).lower()
    snake += "_" if iskeyword(snake) else ""
    if snake not in annotations:
        raise TypeError(f"{camel} is in the type string, but there is no field {snake}")
    struct = annotations[snake]
    return Member(kind, camel, snake, struct if isinstance(struct, type) and issubclass(struct, TypedData) else None)
