"""What a contract's ABI says: calls to bytes, bytes to results, reverts and logs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError, EncodingError
from eth_abi.grammar import TupleType, parse
from eth_utils.abi import collapse_if_tuple, event_abi_to_log_topic, function_abi_to_4byte_selector

from chain.errors import InvalidValue, Malformed
from chain.typed_data import TypedData
from chain.units import address


class NoSuchMember(InvalidValue):
    """The contract has no function or event of this name with this number of arguments."""

    says = "{contract} has no {name} with {arguments} arguments"
    contract: str
    name: str
    arguments: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One function, error or event; `inputs` and `outputs` are canonical types, `()` nested for structs."""

    kind: str
    name: str
    selector: bytes
    names: tuple[str, ...]
    inputs: tuple[str, ...]
    indexed: tuple[bool, ...]
    outputs: tuple[str, ...]
    anonymous: bool = False

    @classmethod
    def of(cls, abi: Mapping[str, Any]) -> "Entry":
        """From one element of an ABI."""
        inputs, outputs = abi.get("inputs", []), abi.get("outputs", [])
        selector = event_abi_to_log_topic if abi["type"] == "event" else function_abi_to_4byte_selector
        return cls(
            kind=abi["type"],
            name=abi["name"],
            selector=selector(abi),  # type: ignore[arg-type]
            names=tuple(item["name"] for item in inputs),
            inputs=tuple(map(collapse_if_tuple, inputs)),
            indexed=tuple(item.get("indexed", False) for item in inputs),
            outputs=tuple(map(collapse_if_tuple, outputs)),
            anonymous=abi.get("anonymous", False),
        )

    def call_data(self, arguments: Sequence[Any]) -> bytes:
        """Selector and arguments. Raises `Malformed`, and `NotAnAddress` also for a wrong checksum."""
        try:
            return self.selector + encode(self.inputs, _checked(self.inputs, map(_plain, arguments)))
        except (EncodingError, TypeError, ValueError) as error:
            raise Malformed(f"arguments of {self.name}", str(error)) from None

    def result(self, data: bytes) -> Any:
        """What the call returned: nothing, one value or a tuple. Raises `Malformed`."""
        values = _decoded(self.name, self.outputs, data)
        return values[0] if len(values) == 1 else values or None

    def facts(self, data: bytes) -> tuple[Any, ...]:
        """The arguments after the selector of a call or an error. Raises `Malformed`."""
        return _decoded(self.name, self.inputs, data)

    def topics(self, where: Mapping[str, Any]) -> list[str | None]:
        """A log filter for this event with these indexed arguments, arrays, strings and structs by their hash.

        Raises `Malformed`, `NotAnAddress`.
        """
        indexed = {
            name: _in_topic(kind) for name, kind, yes in zip(self.names, self.inputs, self.indexed, strict=True) if yes
        }
        for name in where.keys() - indexed.keys():
            raise Malformed("where", f"{self.name} has no indexed argument {name}")
        filters = [None if name not in where else _topic(name, kind, where[name]) for name, kind in indexed.items()]
        return filters if self.anonymous else ["0x" + self.selector.hex(), *filters]

    def arguments(self, topics: Sequence[bytes], data: bytes) -> dict[str, Any]:
        """A log's arguments by name, from all its topics; of an indexed array, string or struct only the hash.

        Raises `Malformed`.
        """
        in_topics = [_in_topic(kind) for kind, indexed in zip(self.inputs, self.indexed, strict=True) if indexed]
        in_data = [kind for kind, indexed in zip(self.inputs, self.indexed, strict=True) if not indexed]
        from_topics = iter(_decoded(self.name, in_topics, b"".join(topics if self.anonymous else topics[1:])))
        from_data = iter(_decoded(self.name, in_data, data))
        return {
            name: next(from_topics if indexed else from_data)
            for name, indexed in zip(self.names, self.indexed, strict=True)
        }


class Interface:
    """One contract's functions, errors and events, found by name or by selector."""

    def __init__(self, contract: str, abi: Iterable[Mapping[str, Any]]) -> None:
        self.contract = contract
        entries = [Entry.of(item) for item in abi if item["type"] in {"function", "error", "event"}]
        self._functions = {(e.name, len(e.inputs)): e for e in entries if e.kind == "function"}
        self.errors = {e.selector: e for e in entries if e.kind == "error"}
        self.events = {e.selector: e for e in entries if e.kind == "event" and not e.anonymous}
        self._anonymous = {sum(e.indexed): e for e in entries if e.kind == "event" and e.anonymous}

    def function(self, name: str, arguments: int) -> Entry:
        """The function with this name and number of arguments. Raises `NoSuchMember`."""
        try:
            return self._functions[name, arguments]
        except KeyError:
            raise NoSuchMember(self.contract, name, arguments) from None

    def event(self, name: str) -> Entry:
        """The event of this name. Raises `NoSuchMember`."""
        for entry in (*self.events.values(), *self._anonymous.values()):
            if entry.name == name:
                return entry
        raise NoSuchMember(self.contract, name, 0)

    def event_in(self, topics: Sequence[bytes]) -> Entry | None:
        """Which event has left these topics: an anonymous one is known by their number alone, and comes last."""
        named = self.events.get(topics[0]) if topics else None
        return named or self._anonymous.get(len(topics))


def _plain(value: Any) -> Any:
    if isinstance(value, TypedData):
        return tuple(_plain(getattr(value, member.snake)) for member in value.members)
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _topic(name: str, kind: str, value: Any) -> str:
    try:
        return "0x" + encode([kind], _checked([kind], [value])).hex()
    except (EncodingError, TypeError, ValueError) as error:
        raise Malformed(name, str(error)) from None


def _in_topic(kind: str) -> str:
    return "bytes32" if kind in {"string", "bytes"} or kind.endswith((")", "]")) else kind


def _decoded(what: str, kinds: Sequence[str], data: bytes) -> tuple[Any, ...]:
    try:
        values = decode(kinds, data)
    except (DecodingError, OverflowError, UnicodeDecodeError) as error:
        raise Malformed(what, str(error)) from None
    return _checked(kinds, values)


def _checked(kinds: Iterable[str], values: Iterable[Any]) -> tuple[Any, ...]:
    """`values` with their addresses in EIP-55 form, which `eth_abi` neither asks for nor answers."""
    return tuple(_checksummed(kind, value) for kind, value in zip(kinds, values, strict=True))


def _checksummed(kind: str, value: Any) -> Any:
    if "address" not in kind:
        return value
    parsed = parse(kind)
    if parsed.is_array:
        return tuple(_checksummed(parsed.item_type.to_type_str(), item) for item in value)
    if isinstance(parsed, TupleType):
        return _checked([component.to_type_str() for component in parsed.components], value)
    return address(value)
