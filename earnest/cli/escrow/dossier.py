"""What one party keeps of an agreement: its parts, and each payment as it was last seen. One JSON file."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import typer

from chain.errors import Malformed
from escrow import Agreement, Payment
from escrow.agreement import Part
from escrow.conditions import Condition
from escrow.journal.strict_json import members, parse


@dataclass(frozen=True, kw_only=True, slots=True)
class Dossier:
    """`payments` are by part; one that nobody has seen on a chain is not there. Raises `Malformed`."""

    agreement: Agreement
    payments: Mapping[str, Payment] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, payment in self.payments.items():
            if name not in self.agreement or self.agreement[name] != payment.terms:
                raise Malformed("payments", f"{name!r} is not the agreement's part of that name")

    def part(self, name: str | None) -> Part:
        """By its name, which may be left out where there is only one."""
        names = [part.name for part in self.agreement.parts]
        if name is None and len(names) > 1:
            raise typer.BadParameter(f"say which --part: {', '.join(names)}")
        for part in self.agreement.parts:
            if name in {None, part.name}:
                return part
        raise typer.BadParameter(f"there is no part {name!r}, only {', '.join(names)}")

    def seen(self, name: str, payment: Payment, condition: Condition | None = None) -> Self:
        """With a newer state of a part; an amended one has new terms, and `condition` if they fix it."""
        fits = condition is not None and payment.terms.fixes(condition)
        newer = Part(name=name, terms=payment.terms, condition=condition if fits else None)
        parts = tuple(newer if part.name == name else part for part in self.agreement.parts)
        return type(self)(agreement=Agreement(parts), payments={**self.payments, name: payment})

    def to_json(self) -> dict[str, Any]:
        """The agreement as the counterparty needs it, and the payments."""
        payments = {name: payment.to_json() for name, payment in self.payments.items()}
        return {"agreement": self.agreement.to_json(), "payments": payments}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse. Raises `InvalidValue`."""
        found = members("agreement file", data, "agreement", "payments")
        if not isinstance(found["payments"], Mapping):
            raise Malformed("payments", "they are not by their parts' names")
        payments = {name: Payment.from_json(payment) for name, payment in found["payments"].items()}
        return cls(agreement=Agreement.from_json(found["agreement"]), payments=payments)


def beside(path: Path) -> Path:
    """Where the journal is kept, unless said otherwise."""
    return path.with_suffix(".journal")


def read_json(path: Path) -> Any:
    """Strictly. Raises `Malformed`."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise Malformed(str(path), "it is no text") from None
    return parse(str(path), text)


def load(path: Path) -> Dossier:
    """Raises `InvalidValue`."""
    return Dossier.from_json(read_json(path))


def save(path: Path, dossier: Dossier) -> None:
    """All of it or nothing: a crash, or another process that writes, too, leaves the old state or a new one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    _write(draft, dossier.to_json(), "w")
    draft.replace(path)


def create(path: Path, data: object) -> None:
    """A new JSON file; one that is there is never written over. Raises `FileExistsError`."""
    _write(path, data, "x")


def _write(path: Path, data: object, mode: str) -> None:
    with path.open(mode, encoding="utf-8") as file:
        file.write(json.dumps(data, indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
