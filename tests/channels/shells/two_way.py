"""Two parties of one channel, what passes between them, and how one of them dies or is overtaken."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chain import LocalChain, Signer
from chain.errors import NodeUnreachable
from chain.keccak import keccak
from chain.money import Money
from chain.typed_data import Domain
from channels import DuplexChannel, DuplexParty, Heard
from channels.duplex.messages import State
from channels.stores.sqlite import SqliteDatabase
from channels.stores.sync.standings import Standings
from escrow.conditions import HashLock, hash_lock

PREIMAGE = b"\7" * 32
LOCK: HashLock = hash_lock(keccak=keccak(PREIMAGE))


class PowerCut(Exception):
    """The process is gone: nobody catches this."""


def nothing() -> None:
    """Happens at most points."""


@dataclass
class Fate:
    """What happens at each point of a party's life, once."""

    points: dict[str, Callable[[], Any]] = field(default_factory=dict)

    def reach(self, point: str) -> None:
        self.points.pop(point, nothing)()

    def cut(self, point: str) -> None:
        def cut() -> None:
            raise PowerCut(point)

        self.points = {point: cut}


class FatedSigner(Signer):
    """Signs no version with two meanings, in all its owner's lives."""

    __slots__ = ("fate", "signed")

    def __init__(self, secret: bytes) -> None:
        super().__init__(secret)
        self.fate, self.signed = Fate(), dict[tuple[int, int], State]()

    def sign(self, domain: Domain, message: Any) -> Any:
        self.fate.reach("sign")
        if isinstance(message, State):
            before = self.signed.setdefault((message.epoch, message.version), message)
            assert before == message, "two messages of one version"
        return super().sign(domain, message)


class FatedDatabase(SqliteDatabase):
    fate: Fate

    def run(self, step: Any, calls: int = 1) -> Any:
        self.fate.reach("keep")
        return super().run(step, calls)


@dataclass(frozen=True)
class FatedStore:
    """One file, whose owner is at the mercy of `fate`."""

    path: Path
    fate: Fate

    def duplex(self, domain: Domain) -> Standings:
        database = FatedDatabase(self.path, "duplex", domain)
        database.fate = self.fate
        return Standings(database)


class Wire:
    """A node that counts what it is asked, and can be cut off from all that one function answers."""

    def __init__(self, chain: LocalChain) -> None:
        self._chain, self.asked, self.dead = chain, list[str](), ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._chain, name)

    def call(self, contract: str, function: str, *args: Any, **named: Any) -> Any:
        self.asked.append(function)
        if function == self.dead:
            raise NodeUnreachable("node", "it is cut off")
        return self._chain.call(contract, function, *args, **named)


class Pair:
    """Ann is A, Ben is B; messages are delivered in the order in which they were sent."""

    def __init__(self, channel: DuplexChannel, ann: DuplexParty, ben: DuplexParty) -> None:
        self.channel, self.parties = channel, {"ann": ann, "ben": ben}

    @property
    def ann(self) -> DuplexParty:
        return self.parties["ann"]

    @property
    def ben(self) -> DuplexParty:
        return self.parties["ben"]

    def say(self, to: str, said: Iterable[str], **named: Any) -> list[Heard]:
        """What all that comes of it was for either, until nobody has anything to say."""
        wire, heard = [(to, text) for text in said], list[Heard]()
        while wire:
            who, text = wire.pop(0)
            heard.append(self.parties[who].hear(text, **named))
            wire += [("ann" if who == "ben" else "ben", answer) for answer in heard[-1].answers]
        return heard

    def meet(self) -> None:
        """Both show where they stand, as after a start."""
        self.say("ben", self.ann.resume(self.channel))
        self.say("ann", self.ben.resume(self.channel))

    def pay(self, payer: str, money: Money) -> list[Heard]:
        return self.say("ben" if payer == "ann" else "ann", self.parties[payer].pay(self.channel, money))

    def nets(self) -> set[tuple[int, Money, Money]]:
        """Version, what Ann owes and what Ben owes, as each of them has it: one, if they agree."""
        ann, ben = self.ann.show(self.channel), self.ben.show(self.channel)
        return {(ann.version, ann.owes, ann.is_owed), (ben.version, ben.is_owed, ben.owes)}

    def leaf(self) -> Any:
        """Of the one promise that is open."""
        (promise,) = self.ann.show(self.channel).promises
        return promise.struct_hash()

    def end(self) -> tuple[Money, Money]:
        """What the chain pays each when both close."""
        self.say("ben", self.ann.close_together(self.channel))
        paid = self.ann.bring(self.channel).paid
        assert paid is not None
        return paid.to_a, paid.to_b
