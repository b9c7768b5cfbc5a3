"""What a tower spends for its jobs, counted on disk before it is signed."""

from collections.abc import Iterable

from channels.channel import ChannelId
from channels.claims import Skipped
from channels.stores.watchtower import TowerStore
from channels.watchtower.errors import OverQuota
from channels.watchtower.job import Job


class Spending:
    """Of one action for these jobs, which may have cost `most` transactions each: one that reverts is paid for, too.

    A crash may count one too many, and never one too few.
    """

    def __init__(self, store: TowerStore, jobs: Iterable[Job], most: int) -> None:
        self._store, self._most = store, most
        self._jobs = {job.channel.id: job.place for job in jobs}
        self._places = list(self._jobs.values())

    def split(self, jobs: Iterable[Job]) -> tuple[list[Job], list[Skipped]]:
        """Those that may cost one more, and the others: one row of a batch that has none left delays no other."""
        able, over = list[Job](), list[Skipped]()
        for job in jobs:
            if self._store.acts(job.place) < self._most:
                able.append(job)
            else:
                over.append(
                    Skipped(
                        lane_id=job.channel.id, why=f"OverQuota: {OverQuota('transactions for an epoch', self._most)}"
                    )
                )
        return able, over

    def only(self, channel_ids: Iterable[ChannelId]) -> None:
        """The next transaction is for these."""
        self._places = [self._jobs[channel_id] for channel_id in channel_ids]

    def begin(self) -> None:
        """One transaction for each. Raises `OverQuota`, and counts nothing, where one of them has none left."""
        self._store.count(self._places, self._most)

    def undo(self) -> None:
        """It was never signed."""
        self._store.uncount(self._places)
