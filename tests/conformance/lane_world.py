"""The lanes in an EVM without blocks: calls may share a second."""

from collections.abc import Collection, Iterable
from typing import Any

from chain import contracts
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Hash32
from channels import Channel, Lane
from channels.lane import LaneBooks
from channels.promise import subject_of
from channels.reserve import Reserve
from tests.conformance.condition_facts import JudgingEvm
from tests.conformance.evm import pyrevm

HOME = Domain(1, contracts.address_of("VoucherChannels"))


class LaneWorld(JudgingEvm):
    """With lanes, reserves, records and credits to look at."""

    def __init__(self, people: Collection[Address], rich: int, now: int) -> None:
        super().__init__(people, rich, "VoucherChannels", now)
        self._unused, self._marks = self._evm.snapshot(), list[Any]()

    def rewind(self) -> None:
        """As if nothing had happened since birth: that takes long."""
        self.go_back(0)
        self._evm.revert(self._unused)
        self._unused = self._evm.snapshot()

    def mark(self) -> int:
        """The state as it is, to go back to."""
        self._marks.append(self._evm.snapshot())
        return len(self._marks) - 1

    def go_back(self, mark: int) -> None:
        """As if nothing had happened since; each later mark is given up, for the machine holds 1,024 of them."""
        while len(self._marks) > mark:
            self._evm.revert(self._marks.pop())

    def settle(self, place: Address, code: bytes) -> None:
        """A contract moves in, for good."""
        self._evm.insert_account_info(place, pyrevm.AccountInfo(code=code))
        self._unused = self._evm.snapshot()

    def credit(self, token: Address, owner: Address) -> int:
        """What could not be pushed, in base units."""
        return int(self._ask("credits", token, owner))

    def books(self, channel: Channel, leaves: Iterable[Hash32]) -> LaneBooks:
        """What the contract has of every epoch so far; what is recorded of these promises, of the next one, too."""
        deposit, settled, closes_at, epoch, reserved = self._ask("laneOf", channel.id)
        lane = Lane(deposit=deposit, settled=settled, closes_at=closes_at, epoch=epoch, reserved=reserved)
        kept = {number: self._reserve(channel, number) for number in range(epoch + 1)}
        places = [(number, leaf) for number in range(epoch + 2) for leaf in leaves]
        found = {place: self._ask("recordedOf", subject_of(HOME, channel.id, *place)) for place in places}
        return LaneBooks(
            lane=lane,
            reserves={number: reserve for number, reserve in kept.items() if reserve.word},
            records={place: released for place, released in found.items() if released},
        )

    def _reserve(self, channel: Channel, epoch: int) -> Reserve:
        ceiling, settled, time, withdrawn = self._ask("reservedOf", channel.id, epoch)
        return Reserve(ceiling=ceiling, settled=settled, time=time, withdrawn=withdrawn)

    def _ask(self, function: str, *args: object) -> Any:
        return self.send(NOBODY, "VoucherChannels", function, *args)
