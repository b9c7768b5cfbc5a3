# Generated from chain/aio/asked_token.py by make fix; edit that one.
"""What a token's contract answers to questions that not every token knows."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from chain.contracts import ERC20, interface
from chain.errors import IllegalAction, Malformed, NodeRefused, Reverted
from chain.keccak import keccak
from chain.money import Token
from chain.preflight.token import TokenState
from chain.units import NOBODY, Address

if TYPE_CHECKING:
    from chain.sync.chain import Chain

_DENIED = ("isBlacklisted(address)", "isBlackListed(address)")
"""As USDC has it, and as USDT has it."""
_NO_ANSWER = (IllegalAction, Reverted, NodeRefused)


class AskedToken:
    """In the newest block. A token that doesn't answer about an account is read as having nothing for it."""

    def __init__(self, chain: "Chain", token: Token) -> None:
        self._chain, self._token = chain, token
        self._node = chain._node  # noqa: SLF001  # what no ABI of ours has can't be asked through the chain's face

    def balance(self, owner: Address) -> int:
        """In base units."""
        return self._read("balanceOf", owner)

    def allowance(self, owner: Address, spender: Address) -> int:
        """In base units."""
        return self._read("allowance", owner, spender)

    def state(self, parties: Iterable[Address]) -> TokenState | None:
        """None for the native currency."""
        token = self._token
        if token.is_native:
            return None
        if not self._chain.code(token.address, as_of="latest"):
            return TokenState(token=token, has_code=False)
        paused = self._word("paused()")
        return TokenState(
            token=token,
            has_code=True,
            decimals=self._word("decimals()"),
            paused=None if paused is None else paused == 1,
            denied=tuple([party for party in parties if self._denies(party)]),
        )

    def require_true(self, transfer: Mapping[str, Any] | None) -> None:
        """Raises `Reverted` for a token that answers a transfer with something else than true, or nothing at all."""
        if transfer is None or self._token.is_native:
            return
        answer = self._node.call(transfer, self._chain.network.head)
        if answer and int.from_bytes(answer, "big") != 1:
            raise Reverted("transfer answers false", answer)

    def _denies(self, party: Address) -> bool:
        """Of the two ways to ask, at most one is there."""
        for question in _DENIED:
            answer = self._word(question, party)
            if answer is not None:
                return answer == 1
        return False

    def _word(self, question: str, *about: Address) -> int | None:
        """None unless the token answers with exactly one word: it has no such function."""
        data = keccak(question.encode())[:4] + b"".join(bytes.fromhex(each[2:]).rjust(32, b"\0") for each in about)
        body = {"from": NOBODY, "to": self._token.address, "data": data}
        try:
            answer = self._node.call(body, self._chain.network.head)
        except _NO_ANSWER:
            return None
        return int.from_bytes(answer, "big") if len(answer) == 32 else None

    def _read(self, function: str, *arguments: Address) -> int:
        entry = interface(ERC20).function(function, len(arguments))
        body = {"from": NOBODY, "to": self._token.address, "data": entry.call_data(arguments)}
        try:
            return int(entry.result(self._node.call(body, self._chain.network.head)))
        except (Malformed, *_NO_ANSWER):
            return 0
