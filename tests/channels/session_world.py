"""A lane on chain that anybody may show any voucher to, with conditions that release what they will."""

from collections.abc import Sequence
from typing import Any

from chain.errors import EarnestError
from chain.typed_data import Domain
from chain.units import Hash32
from channels import Channel, Lane, SignedVoucher, transition
from channels.actions import ClaimPromised, Record
from channels.effects import Pay
from channels.lane import LaneBooks
from channels.promise import Promise
from tests.channels.promise_states import promise

DEPOSIT: Any = 30
NOW: Any = 1_000
POOL = tuple(promise(number, amount, NOW + expiry) for number, amount, expiry in [(1, 6, 5), (2, 4, 9), (3, 5, 20)])
"""Small numbers: random steps must meet at the boundaries."""


class Chain:
    """`truth` is what each condition of the pool releases for the payee's best proof."""

    def __init__(self, channel: Channel, domain: Domain, truth: Sequence[int]) -> None:
        self.books = LaneBooks(lane=Lane(deposit=DEPOSIT))
        self.truth = dict(zip(POOL, truth, strict=True))
        self.now, self.paid = NOW, 0
        self._channel, self._domain = channel, domain

    @property
    def lane(self) -> Lane:
        return self.books.lane

    def recorded(self, of: Promise) -> Any:
        return self.books.recorded(0, [of.struct_hash()])

    def lapsed(self) -> dict[Hash32, Any]:
        """What is recorded of the promises that have expired."""
        return {one.struct_hash(): self.recorded(one) for one in POOL if self.now >= one.expiry}

    def record(self, of: Promise, released: int) -> None:
        """If the contract takes it."""
        self._do(_record(self._channel, self._domain, of, min(released, self.truth[of])))

    def show(self, voucher: SignedVoucher) -> None:
        """If the contract takes it."""
        self._do(_claim(voucher))

    def worth(self, newest: SignedVoucher | None, provable: dict[Promise, int]) -> int:
        """What would be settled now, if so much were recorded and the voucher shown."""
        books = self.books
        actions: list[Record | ClaimPromised] = [
            _record(self._channel, self._domain, *known) for known in provable.items()
        ]
        for action in [*actions, *([_claim(newest)] if newest else [])]:
            try:
                books, _ = transition(books, action, self.now)
            except EarnestError:
                continue
        return books.lane.settled

    def _do(self, action: Record | ClaimPromised) -> None:
        try:
            self.books, effects = transition(self.books, action, self.now)
        except EarnestError:
            return
        self.paid += sum(effect.amount for effect in effects if isinstance(effect, Pay))


def _record(channel: Channel, domain: Domain, of: Promise, released: int) -> Record:
    said: Any = {"promise": of, "data_hash": of.data_hash, "released": released}
    return Record(domain=domain, channel_id=channel.id, epoch=0, **said)


def _claim(voucher: SignedVoucher) -> ClaimPromised:
    return ClaimPromised(channel=voucher.channel, voucher=voucher.shown, signer=voucher.channel.signer)
