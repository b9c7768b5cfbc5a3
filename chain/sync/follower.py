# Generated from chain/aio/follower.py by make fix; edit that one.
"""All events of our contracts, kept on disk, through reorgs, crashes and nodes that lag."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Self

from chain.contracts import by_address
from chain.errors import EarnestError, NodeBehind
from chain.follower.actions import Action, Branch, Final, Past
from chain.follower.errors import FinalBlockUndone, LogsDisagree
from chain.follower.following import Following
from chain.follower.header import Header
from chain.follower.machine import transition
from chain.follower.undone import Undone
from chain.receipt import Event, events_of
from chain.stores.followed import FollowedFile, Level, News
from chain.sync.blocks import Blocks
from chain.sync.chain import Chain
from chain.units import Address

_AT_ONCE = 100
"""Blocks that are read and written together, so that a crash loses no more work."""


class Follower:
    """Its file may be shared by processes, and be killed at any point: it goes on where it was.

    A new file begins with block `from_block`, or with the first one that is not final, if that is earlier. Nothing
    counts when the newest block is older than `max_lag` seconds by `clock`. `contracts` are names by address.
    """

    def __init__(
        self,
        chain: Chain,
        store: str | Path,
        *,
        from_block: int = 0,
        max_lag: float = 120.0,
        contracts: Mapping[Address, str] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.chain, self.max_lag = chain, max_lag
        self._contracts = by_address() if contracts is None else contracts
        self._node, self._from_block, self._clock = chain._node, from_block, clock  # noqa: SLF001
        self._blocks = Blocks(self._node, self._contracts)
        self._store = FollowedFile(store, chain.chain_id, self._contracts)
        self._lock = threading.Lock()
        self._claimed, self._closed = False, False

    @property
    def head(self) -> Header | None:
        """The newest block that was taken; None before the first step."""
        return self._store.head

    @property
    def final(self) -> Header | None:
        """The newest one that is final."""
        return self._store.final

    @property
    def behind(self) -> float:
        """Seconds since the newest block; before the first step since 1970."""
        head = self.head
        return max(0.0, self._clock() - (head.time if head else 0))

    def require_awake(self) -> None:
        """Before something is accepted: raises `NodeBehind` where what has happened last may not be known.

        And `FinalBlockUndone` where what is known may be wrong.
        """
        self._store.require_going()
        behind = self.behind
        if behind > self.max_lag:
            raise NodeBehind(int(behind), int(self.max_lag))

    def step(self) -> None:
        """Takes all that there is, in parts that are durable one by one.

        Raises `FinalBlockUndone` (from then on, until `resume`), `FollowedOfAnotherChain`, and retryable ones:
        `FollowedMoved`, `BlockGone`, `FinalOnAnotherBranch`, `LogsDisagree`, `NodesDisagree`, `NodeUnreachable`.
        """
        with self._lock:
            if self._closed:
                return
            self._store.require_going()
            try:
                self._step()
            except FinalBlockUndone as undone:
                self._store.halt(undone)
                raise

    def resume(self) -> None:
        """A person has looked, and the final block that was replaced is right: all that stood still goes on.

        Where the node still has another block there, the next step raises `FinalBlockUndone` again.
        """
        self._store.resume()

    def run(self, every: float = 2.0) -> None:
        """Steps again and again, `every` so many seconds, until `close`; what can be tried again, is."""
        while not self._closed:
            try:
                self.step()
            except EarnestError as error:
                if not error.retryable:
                    raise
            time.sleep(every)

    def events(self, cursor: str | None = None, level: Level = "final") -> Iterator[Event | Undone]:
        """What is known and not yet read, oldest first; `latest` events may come to be `Undone`, final ones don't.

        The named cursor moves on disk when the next one is asked for: what was being worked on in a crash comes again.
        Without a cursor all is read, from the first. After `close` it ends, and no cursor moves. Raises
        `CursorOfAnotherLevel`, `FinalBlockUndone`.
        """
        place = self._store.position(cursor, level) if cursor and not self._closed else 0
        while not self._closed and (news := self._store.next(place, level)) is not None:
            if (told := self._told(news)) is not None:
                yield told
            place = news.position
            if cursor and not self._closed:
                self._store.move(cursor, level, place)

    def about(self, subject: bytes) -> tuple[Event, ...]:
        """All events, also undone ones, whose first or second indexed argument is this, in 32 bytes."""
        return tuple(events_of((log.raw() for log in self._store.about(subject)), self._contracts))

    def close(self) -> None:
        """Ends `run` and what it is about, and closes the file; the chain stays open."""
        self._closed = True
        with self._lock:
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def _told(self, news: News) -> Event | Undone | None:
        """None for a log that the contract's ABI doesn't know."""
        event = next(iter(events_of([news.log.raw()], self._contracts)), None)
        return Undone(event=event) if event and news.undone else event

    def _step(self) -> None:
        self._claim()
        head, final = self._newest()
        following = self._caught_up(self._store.load() or self._begun(final), final)
        if following.head.number < final.number:  # Closed, or logs have changed meanwhile: the next step looks again.
            return
        following = self._taken(following, head)
        if following.at(final.number) is not None:
            self._made_final(following, final)

    def _claim(self) -> None:
        """The chain itself is known by its first block: a test chain's id says little."""
        if not self._claimed:
            self._store.claim((self._blocks.header(0)).hash)
            self._claimed = True

    def _newest(self) -> tuple[Header, Header]:
        """The newest block, and the newest final one."""
        head = self._blocks.header("latest")
        at = self.chain._at("final")  # noqa: SLF001
        return head, head if at in {"latest", "pending"} else self._blocks.header(at)

    def _begun(self, final: Header) -> Following:
        before = self._from_block - 1
        anchor = final if before >= final.number else self._blocks.header(max(before, 0))
        self._store.begin(anchor)
        return Following(final=anchor)

    def _caught_up(self, following: Following, final: Header) -> Following:
        """After a pause: blocks that were taken before it are final or replaced, and those since are past."""
        if following.recent and following.head.number < final.number:
            meeting = self._blocks.header(following.head.number)
            following = self._made_final(self._taken(following, meeting), meeting)
        while following.final.number < final.number and not (following.recent or self._closed):
            self._require_in_chain(following.final)
            last, logs = self._blocks.past(following.final, final)
            following = self._did(following, Past(header=last, logs=logs))
        return following

    def _taken(self, following: Following, head: Header) -> Following:
        """On to the node's newest block; a node that lags has nothing for us."""
        headers = self._blocks.branch(head, following)
        for start in range(0, len(headers), _AT_ONCE):
            blocks = [self._blocks.with_logs(header) for header in headers[start : start + _AT_ONCE]]
            following = self._did(following, Branch(blocks=tuple(blocks)))
        return following

    def _made_final(self, following: Following, final: Header) -> Following:
        """Logs are read again, as a range, before they are final: a node may have had a block before its logs."""
        count = max(0, final.number - following.final.number)
        blocks = following.recent[:count]
        logs = self._blocks.between(following.final.number + 1, final.number)
        if logs == tuple(log for block in blocks for log in block.logs):
            return self._did(following, Final(header=final))
        again = [self._blocks.with_logs(block.header) for block in blocks]
        if again == list(blocks):
            raise LogsDisagree(following.final.number + 1, final.number)
        return self._did(following, Branch(blocks=(*again, *following.recent[count:])))

    def _require_in_chain(self, final: Header) -> None:
        found = self._blocks.header(final.number)
        if found.hash != final.hash:
            raise FinalBlockUndone(final.number, final.hash, found.hash)

    def _did(self, following: Following, action: Action) -> Following:
        newer, effects = transition(following, action)
        if effects:
            self._store.write(following, effects)
        return newer
