"""How a payment begins, or never does."""

from dataclasses import dataclass

from chain.permit2 import Method
from chain.units import Address, Hash32, hash32
from escrow.actions.consenting import Consenting


@dataclass(frozen=True, kw_only=True, slots=True)
class Authorize:
    """The payer puts the money in; `value` is the native currency that comes with the call, in wei."""

    caller: Address
    value: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorizeBySig(Consenting):
    """Anyone brings the payer's `authorization`: over `messages.Authorize`, or what the token or Permit2 takes."""

    method: Method
    authorization: bytes
    value: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorizeERC3009:
    """Anyone brings the payer's ERC-3009 authorization, by a plain key in the form of EIP-2098."""

    caller: Address
    r: Hash32
    vs: Hash32

    def __post_init__(self) -> None:
        hash32("r", self.r)
        hash32("vs", self.vs)


class Charge(AuthorizeBySig):
    """The operator funds and captures all at once; captures what is authorized and untouched."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Cancel:
    """The payer makes an unfunded id unusable."""

    caller: Address


Authorizing = Authorize | AuthorizeBySig | AuthorizeERC3009 | Charge | Cancel
