"""What the token's contract says of itself and of the parties."""

from dataclasses import dataclass

from chain.money import Token
from chain.preflight.rule import Facts, block, rules_in, warn
from chain.units import Address

_USUAL_DECIMALS = range(2, 19)


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenState:
    """In the newest block. `decimals` and `paused` are None where the token has no such function.

    `denied` are those of the parties whom the token's issuer has denied transfers.
    """

    token: Token
    has_code: bool
    decimals: int | None = None
    paused: bool | None = None
    denied: tuple[Address, ...] = ()


@block("nothing lives at {token}, so it is no token")
def token_has_no_code(state: TokenState) -> Facts | None:
    """A call to it would succeed and do nothing."""
    return None if state.has_code else {"token": state.token.address}


@block("{token} counts {found} decimal places, the amount was written with {decimals}")
def wrong_decimals(state: TokenState) -> Facts | None:
    """The amount is wrong by powers of ten."""
    if state.decimals is None or state.decimals == state.token.decimals:
        return None
    return {"token": state.token.address, "found": state.decimals, "decimals": state.token.decimals}


@warn("{token} counts {decimals} decimal places, which is unusual: look at the amount again")
def odd_decimals(state: TokenState) -> Facts | None:
    """Fewer than two places, or more than eighteen."""
    decimals = state.token.decimals
    return None if decimals in _USUAL_DECIMALS else {"token": state.token.address, "decimals": decimals}


@block("{token} is paused by its issuer: nothing moves now")
def token_paused(state: TokenState) -> Facts | None:
    """By `paused()`, as USDC has it."""
    return {"token": state.token.address} if state.paused else None


@block("{token} has {party} on its deny list: it can neither pay nor be paid")
def denied_by_token(state: TokenState) -> Facts | None:
    """By `isBlacklisted(address)`, as USDC has it, or `isBlackListed(address)`, as USDT has it."""
    return {"token": state.token.address, "party": state.denied[0]} if state.denied else None


RULES = rules_in(globals())
