"""What both agree on to end an epoch at once, with the signatures that it has so far."""

from dataclasses import dataclass
from typing import Any, Self

from channels.duplex.cosigned import SIGNATURES, CoSigned, from_json, to_json
from channels.duplex.messages import CloseTogether, WithdrawTogether
from channels.strict import members


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedCloseTogether(CoSigned[CloseTogether]):
    """Both end the channel's epoch at a net."""

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, bytes as 0x hex."""
        return to_json(self, "close")

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse, of JSON text too: unknown, missing or malformed members are refused (`InvalidValue`)."""
        found = members("signed close", data, {"channel", "close"}, SIGNATURES)
        return cls(**from_json(found), message=CloseTogether.from_json(found["close"]))


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedWithdrawTogether(CoSigned[WithdrawTogether]):
    """Both take some out, and go on in the next epoch."""

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, bytes as 0x hex."""
        return to_json(self, "withdrawal")

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse, of JSON text too: unknown, missing or malformed members are refused (`InvalidValue`)."""
        found = members("signed withdrawal", data, {"channel", "withdrawal"}, SIGNATURES)
        return cls(**from_json(found), message=WithdrawTogether.from_json(found["withdrawal"]))
