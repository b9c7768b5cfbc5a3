"""What a merchant's customers remember, over all of its lives.

Nothing that was answered is lost, nothing is delivered or refunded twice, nothing is delivered that was not accepted,
the books balance.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.crash.life import Word
from tests.crash.market import CHANNELS, Request

_NEVER_AGAIN = -1
"""No answer to a delivery has it."""


@dataclass(slots=True)
class _Tally:
    """One channel: the most ever sent and ever answered, and the prices, and what goes back of them, of all that was
    asked and of what was answered; `net` is what the merchant last said of the difference.
    """

    sent: int = 0
    accepted: int = 0
    asked: int = 0
    delivered: int = 0
    back: int = 0
    refunded: int = 0
    net: int = 0

    def accept(self, accepted: int) -> None:
        assert accepted >= self.accepted, "an answered voucher is never lost"
        assert accepted <= self.sent, "nothing is accepted that was never sent"
        self.accepted = accepted

    def stand(self, accepted: int, net: int) -> None:
        self.accept(accepted)
        least, most = self.delivered - self.back, self.asked - self.refunded
        assert least <= net <= most, "what was answered is delivered and refunded, and each key once"
        assert net <= accepted, "nothing is delivered that was not accepted"
        self.net = net


@dataclass(slots=True)
class Answered:
    """Every word of every life goes through `hear`, which raises `AssertionError` where the merchant broke its word."""

    asked: dict[str, Request] = field(default_factory=dict)
    delivered: dict[str, int] = field(default_factory=dict)
    in_doubt: dict[str, Request] = field(default_factory=dict)
    failed: int = 0
    _tallies: list[_Tally] = field(default_factory=lambda: [_Tally() for _ in range(CHANNELS)])

    def ask(self, requests: Iterable[Request]) -> None:
        """These may happen from now on."""
        for request in requests:
            if request.key in self.asked:
                continue
            tally = self._tallies[request.channel]
            tally.asked += request.price
            tally.back += request.back
            tally.sent = max(tally.sent, request.sent.voucher.cumulative_amount)
            self.asked[request.key] = self.in_doubt[request.key] = request

    def hear(self, word: Word) -> None:
        match word:
            case {"standing": standing, "balance": balance}:
                assert balance, "the books balance"
                for tally, (accepted, net) in zip(self._tallies, standing, strict=True):
                    tally.stand(accepted, net)
            case {"channel": channel, "accepted": accepted}:
                self._tallies[channel].accept(accepted)
            case {"key": key, "delivered": delivered}:
                self._deliver(self.asked[key], delivered)
            case {"key": key, "refunded": refunded}:
                self._refund(self.asked[key], refunded)
            case {"failed": _}:
                self.failed += 1
            case {"done": True}:
                pass
            case _:
                raise AssertionError(word)

    def settle(self) -> None:
        """When nothing is in doubt, the books have each price once, and once what went back of it."""
        assert not self.in_doubt
        assert [tally.net for tally in self._tallies] == [tally.asked - tally.back for tally in self._tallies]

    def _deliver(self, request: Request, delivered: int | None) -> None:
        if delivered is None:
            self._over(request)
            return
        if request.key not in self.delivered:
            self.delivered[request.key] = delivered
            self._tallies[request.channel].delivered += request.price
            if not request.back:
                del self.in_doubt[request.key]
        assert delivered == self.delivered[request.key], "a key is delivered once, and is answered the same for ever"

    def _over(self, request: Request) -> None:
        """It was delivered and refunded in full by somebody who died before it said so, or had said so before."""
        assert request.back == request.price, "only then no goods are given for a repeat"
        if request.key not in self.delivered:
            self.delivered[request.key] = _NEVER_AGAIN
            self._tallies[request.channel].delivered += request.price

    def _refund(self, request: Request, refunded: int) -> None:
        assert refunded == request.back, "so much goes back in all, however often it is asked for"
        if self.in_doubt.pop(request.key, None):
            self._tallies[request.channel].refunded += refunded
