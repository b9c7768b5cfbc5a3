"""One member of a signed struct: checked at birth, hashed as EIP-712 says, written as JSON that no reader can round."""

import re
from dataclasses import dataclass
from typing import Any

from chain.errors import Malformed, OutOfRange
from chain.units import address, hash32, uint

_DECIMAL = re.compile(r"0|-?[1-9][0-9]{0,77}")
_SIZED = re.compile(r"(?:u?int)(?:[1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Member:
    """Its Solidity type, its name there and here; `struct` is the class behind a nested type."""

    kind: str
    camel: str
    snake: str
    struct: Any = None

    def __post_init__(self) -> None:
        if not (self.struct or self.kind in {"bytes32", "address", "bool"} or _SIZED.fullmatch(self.kind)):
            raise TypeError(f"{self.camel} is of a kind that can't be signed here: {self.kind}")

    def check(self, value: Any) -> None:
        """Raises the `InvalidValue` that says what is wrong with `value`."""
        if self.kind.startswith("uint"):
            uint(self.snake, value, int(self.kind[4:]))
        elif self.kind.startswith("int"):
            self._check_signed(value)
        elif self.kind == "bytes32":
            hash32(self.snake, value)
        elif self.kind == "address":
            if address(value) != value:
                raise Malformed(self.snake, f"{value} is not in EIP-55 form")
        elif not isinstance(value, self.struct or bool):
            raise Malformed(self.snake, f"{value!r} is not {(self.struct or bool).__name__}")

    @property
    def source(self) -> str:
        """The Python expression for the 32 bytes by which a message `m` has this member hashed."""
        value = f"m.{self.snake}"
        if self.kind == "bytes32":
            return value
        if self.kind == "address":
            return f"bytes(12) + bytes.fromhex({value}[2:])"
        if self.struct:
            return f"{value}.struct_hash()"
        return f'{value}.to_bytes(32, "big", signed={self.kind.startswith("int")})'

    @property
    def fits(self) -> str:
        """The Python expression that is true only of a message `m` whose member `check` lets pass."""
        value = f"m.{self.snake}"
        if self.kind.startswith("uint"):
            return f"type({value}) is int and 0 <= {value} < {1 << int(self.kind[4:])}"
        if self.kind == "bytes32":
            return f"type({value}) is bytes and len({value}) == 32"
        return "False"

    def to_json(self, value: Any) -> Any:
        """A decimal string, 0x hex, a truth value or an object."""
        if self.struct:
            return value.to_json()
        if self.kind == "bool":
            return value
        return "0x" + value.hex() if self.kind == "bytes32" else str(value)

    def from_json(self, data: object) -> Any:
        """The strict inverse. Raises `InvalidValue`."""
        if self.struct:
            return self.struct.from_json(data)
        if self.kind == "bool":
            return data
        if not isinstance(data, str):
            raise Malformed(self.camel, f"{data!r} is not a string")
        if self.kind == "address":
            return address(data)
        if self.kind == "bytes32":
            return hash32(self.snake, unhex(self.camel, data))
        if not _DECIMAL.fullmatch(data):
            raise Malformed(self.camel, f"{data!r} is not a decimal number")
        return int(data)

    def _check_signed(self, value: Any) -> None:
        half = 1 << (int(self.kind[3:]) - 1)
        if type(value) is not int or not -half <= value < half:
            raise OutOfRange(self.snake, value, -half, half - 1)


def unhex(what: str, text: object) -> bytes:
    """The bytes of 0x hex. Raises `Malformed`."""
    if not isinstance(text, str) or not re.fullmatch(r"0x(?:[0-9a-fA-F]{2})*", text):
        raise Malformed(what, f"{text!r} is not 0x and hex digits")
    return bytes.fromhex(text[2:])
