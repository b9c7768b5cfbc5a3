"""What has been signed in the random two-way histories, and which of it is the newest that the chain has seen."""

from typing import Any

from chain.units import Seconds
from channels.duplex import messages
from channels.duplex.ledger import DuplexLedger
from tests.conformance.duplex_twins import Twins
from tests.conformance.duplex_world import CHANNELS, PEOPLE, Posted, Stake, Words, listed_by, sign


class Signed(Twins):
    """Each channel has its stakes, the state that was posted last, and those that have ended its epochs."""

    def begin(self, stakes: list[tuple[Stake, ...]]) -> None:
        self.arrange()
        self.stakes = stakes
        self.signed: list[Posted] = []
        self.newest = [Posted.none(channel) for channel in CHANNELS]
        self.ended: list[dict[int, Posted]] = [{} for _ in CHANNELS]

    def keeps(self, ledger: DuplexLedger) -> bool:
        """Whether promises of an ended epoch may still get something."""
        return any(not reserve.is_over(self.now) for reserve in ledger.reserves.values())

    def posted(self, number: int, said: Words, slip: str) -> Posted:
        """A state of the present epoch, or one that was signed before, perhaps for another channel."""
        if said.again is not None and self.signed:
            return self.signed[said.again % len(self.signed)].shown_for(CHANNELS[number])
        stakes = tuple(self.stakes[number][stake] for stake in said.stakes)
        listed, promises = listed_by(stakes, said.lie)
        state = messages.State(
            channel_id=CHANNELS[number].id,
            epoch=self.epoch(number, said.epoch),
            version=min(max(self.newest[number].state.version + said.step, 0), 2**64 - 1),
            net=said.net,
            promises=promises,
        )
        posted = Posted(state=state, listed=listed, stakes=stakes, signatures=sign(CHANNELS[number], state, slip))
        self.signed.append(posted)
        return posted

    def keep(self, number: int, posted: Posted, done: bool) -> None:
        self.newest[number] = posted if done else self.newest[number]

    def reserve(self, number: int, oldest: bool) -> tuple[int, Posted, Seconds]:
        """An ended epoch that keeps something, if there is one, with the state that ended it."""
        reserves, ended = self.ledgers[number].reserves, self.ended[number]
        epochs = sorted(reserves) or sorted(ended) or [0]
        epoch = epochs[0 if oldest else -1]
        until = reserves[epoch].until if epoch in reserves else Seconds(0)
        return epoch, ended.get(epoch, self.newest[number]), until

    def caller(self, number: int, caller: str | None, by_a: bool) -> Any:
        channel = CHANNELS[number]
        return PEOPLE.get(caller or "", channel.party_a if by_a else channel.party_b)

    def epoch(self, number: int, step: int) -> int:
        return max(self.ledgers[number].duplex.epoch + step, 0)

    def travel(self, wait: int | None, boundary: Seconds) -> None:
        """To a boundary that is still ahead, or a second to either side of it."""
        if wait is not None:
            self.now = Seconds(max(self.now, boundary + wait))
