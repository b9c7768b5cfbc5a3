import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chain import LocalChain, Money, Signer
from chain.errors import EarnestError
from earnest.testing.keys import PARTIES, secret_of


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


Run = Callable[..., Ended]
ADDRESS = {name: Signer(secret_of(name)).address for name in PARTIES}
KEY = {name: "0x" + secret_of(name).hex() for name in PARTIES}
PARTIES_OF_TERMS = ("--payer", ADDRESS["payer"], "--payee", ADDRESS["payee"], "--token", "USDC")
HELD = (*PARTIES_OF_TERMS, "--amount", "120", "--expiry", "14d", "--if-expired", "payer")
JUDGED = ("--arbiter", ADDRESS["arbiter"], "--ruling-period", "7d", "--if-arbiter-silent", "payer")


class Bench:
    """Each party runs `earnest` with its key in the environment, in one folder."""

    def __init__(self, chain: LocalChain, run: Run, environment: pytest.MonkeyPatch) -> None:
        self.chain, self.usdc = chain, chain.token("USDC")
        self._run, self._environment = run, environment

    def tries(self, who: str, *words: str) -> Ended:
        self._environment.setenv("EARNEST_KEY", KEY[who])
        return self._run(*words)

    def does(self, who: str, *words: str) -> str:
        ended = self.tries(who, *words, "--network", "local")
        assert ended.code == 0, ended
        return ended.out

    def moves(self, who: str, *words: str) -> dict[str, Any]:
        """A verb that sends a transaction; its answer."""
        answer: dict[str, Any] = json.loads(self.does(who, "escrow", *words, "--yes", "--json"))
        return answer

    def refused(self, who: str, error: type[EarnestError], *words: str) -> str:
        """What one red line says."""
        ended = self.tries(who, *words, "--network", "local")
        assert (ended.code, ended.err.splitlines()[-1].partition(":")[0]) == (1, error.__name__), ended
        return ended.err

    def has(self, who: str) -> Money:
        return self.chain.balance(self.usdc, ADDRESS[who])

    def gained(self, who: str) -> int:
        """Base units, since each began with 1,000 USDC."""
        return self.has(who).units - self.usdc("1000").units

    def purchased(self, file: str = "deal.json") -> None:
        """Terms of 120 USDC with an arbiter, and the money in."""
        self.does("payer", "escrow", "terms", "purchase", *HELD, *JUDGED, "--out", file)
        self.moves("payer", "authorize", file)

    def carded(self, *more: str, file: str = "deal.json") -> None:
        """Terms of 120 USDC that an operator captures, and the money in."""
        operated = ("--operator", ADDRESS["operator"], *more)
        self.does("payer", "escrow", "terms", "card", *HELD, *operated, "--out", file)
        self.moves("payer", "authorize", file)
