"""What addresses alone tell; no node is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chain.preflight.look_alike import look_alike as alike
from chain.preflight.payment import PlannedPayment
from chain.preflight.rule import Facts, block, note, rules_in, warn
from chain.units import Address, address

_LAST_RESERVED = 0xFFFF
"""Precompiles live below it, and nobody has found a key for such an address."""
_BURNT = address("0xdead000000000000000042069420694206942069")
"""One of the best known burn addresses that no pattern tells."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """`known` was given by the payer and is trusted; `seen` is what somebody could be imitating: whom it has paid.

    `ours` and `tokens` are contracts by their address.
    """

    payment: PlannedPayment
    known: frozenset[Address] = frozenset()
    seen: frozenset[Address] = frozenset()
    ours: Mapping[Address, str] = field(default_factory=dict)
    tokens: Mapping[Address, str] = field(default_factory=dict)
    shown_digits: int = 4

    @property
    def imitable(self) -> list[Address]:
        """What a look-alike could be taken for, in an order that doesn't change."""
        payment = self.payment
        payer = {payment.payer} if payment.payer else set()
        return sorted({*self.known, *self.seen, *payment.named, *self.ours, *self.tokens} | payer)


@block("{written} is mixed case with a wrong EIP-55 checksum: a digit is wrong or was changed")
def bad_checksum(names: Names) -> Facts | None:
    """The payee is written with capitals that its digits don't have (EIP-55)."""
    written = names.payment.written
    return {"written": written} if _mixed(written) and written != names.payment.payee else None


@note("{written} is written without a checksum, so a wrong digit would not be noticed; it should be {payee}")
def no_checksum(names: Names) -> Facts | None:
    """The payee is written in one case only."""
    written, payee = names.payment.written, names.payment.payee
    return None if _mixed(written) or written == payee else {"written": written, "payee": payee}


@block("{party} begins and ends as {of}, but is another: compare every digit")
def look_alike(names: Names) -> Facts | None:
    """A party looks like a known address, a counterparty, a token or a contract of ours, and is none of them."""
    return _imitation(names, names.shown_digits)


@warn("{party} is like {of} at both ends, but is another: compare every digit")
def similar_address(names: Names) -> Facts | None:
    """The same with one digit less at each end, which chance brings about 256 times as often."""
    return None if look_alike.look(names) else _imitation(names, names.shown_digits - 1)


@block("{party} is nobody's account: what is paid to it is lost")
def burn_address(names: Names) -> Facts | None:
    """The zero address, a precompile, ...dEaD, or a few bytes repeated: no key for it is known to anybody."""
    return next(({"party": party} for party in names.payment.named if _burns(party)), None)


@block("{party} is the token {symbol}: what a token's contract is paid nobody can take out")
def token_as_payee(names: Names) -> Facts | None:
    """A party is the token that is paid, or another of the network's."""
    token = names.payment.money.token
    tokens = dict(names.tokens) if token.is_native else {**names.tokens, token.address: token.symbol}
    return next(({"party": party, "symbol": tokens[party]} for party in names.payment.named if party in tokens), None)


@block("{party} is the contract {contract}: money that comes to it in no other way than its own verbs is lost")
def own_contract_as_payee(names: Names) -> Facts | None:
    """A party is one of the contracts that hold money for others."""
    return next(
        ({"party": party, "contract": names.ours[party]} for party in names.payment.named if party in names.ours), None
    )


@block("{payee} pays itself")
def self_payment(names: Names) -> Facts | None:
    """Payer and payee are one."""
    return {"payee": names.payment.payee} if names.payment.payer == names.payment.payee else None


RULES = rules_in(globals())


def _imitation(names: Names, digits: int) -> Facts | None:
    strangers = (party for party in names.payment.named if party not in names.known)
    pairs = ((party, of) for party in strangers for of in names.imitable)
    return next(({"party": party, "of": of} for party, of in pairs if alike(party, of, digits)), None)


def _mixed(written: str) -> bool:
    digits = written[2:]
    return digits not in {digits.lower(), digits.upper()}


def _burns(party: Address) -> bool:
    raw = bytes.fromhex(party[2:])
    repeats = any(raw == raw[:length] * (20 // length) for length in (1, 2, 4, 5))
    return repeats or party == _BURNT or int.from_bytes(raw, "big") <= _LAST_RESERVED
