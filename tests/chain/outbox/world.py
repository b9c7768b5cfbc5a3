"""One account on a chain with a pool, where blocks are undone up to a depth, and one outbox that may stop anywhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from chain.outbox.entry import Attempt, Entry
from chain.outbox.fees import Fees, Price
from chain.outbox.intent import Intent, filling
from chain.outbox.machine import Finding, Send, Sign, beginning, gap, has_room, in_turn, review, signed
from chain.outbox.sighting import AccountSeen, Mined, Seen, Taken
from chain.units import Address, Seconds, address

ANN = address("0x" + "a1" * 20)
SHOP = address("0x" + "b2" * 20)
DEPTH = 3
FEES = Fees(max_fee=5_000, patience=1, in_flight=4)


def intent_of(key: str, to: Address = SHOP, expiry: int | None = None) -> Intent:
    at = None if expiry is None else Seconds(expiry)
    return Intent(key=key, chain_id=1, account=ANN, to=to, data=key.encode(), value=7, expiry=at)


@dataclass(frozen=True, slots=True)
class Sent:
    """`key` is the intent's whose call it makes, empty for a cancellation and for others' transactions."""

    name: str
    nonce: int
    key: str
    price: Price
    ours: bool = True


@dataclass(slots=True)
class World:
    """Block n is the second n; the last `DEPTH` blocks may still be undone."""

    chain: list[tuple[str, tuple[Sent, ...]]] = field(default_factory=lambda: [("genesis", ())])
    pool: dict[int, Sent] = field(default_factory=dict)
    base_fee: int = 10
    names: Iterator[int] = field(default_factory=count)

    @property
    def head(self) -> int:
        return len(self.chain) - 1

    @property
    def final(self) -> int:
        return max(self.head - DEPTH, 0)

    def used(self, block: int) -> int:
        return sum(len(sent) for _, sent in self.chain[: block + 1])

    def place(self, name: str) -> int | None:
        return next((at for at, (_, sent) in enumerate(self.chain) if name in {one.name for one in sent}), None)

    def send(self, sent: Sent) -> None:
        """As nodes do: refused if its nonce is used, or another one there bids about as much."""
        before = self.pool.get(sent.nonce)
        if sent.nonce < self.used(self.head) or (before and not _replaces(sent.price, before.price)):
            return
        self.pool[sent.nonce] = sent

    def mine(self, most: int) -> None:
        taken: list[Sent] = []
        while len(taken) < most and (found := self.pool.get(self.used(self.head) + len(taken))):
            if found.price.max_fee < self.base_fee:
                break
            taken.append(found)
        self.chain.append((f"block {next(self.names)}", tuple(taken)))
        self.pool = {nonce: sent for nonce, sent in self.pool.items() if nonce >= self.used(self.head)}

    def reorg(self, depth: int, *, back: bool) -> None:
        """The last blocks are replaced by empty ones; their transactions wait again, or are lost."""
        depth = min(depth, self.head - self.final)
        undone = self.chain[len(self.chain) - depth :]
        del self.chain[len(self.chain) - depth :]
        for _, sent in undone if back else ():
            for one in sent:
                self.pool.setdefault(one.nonce, one)
        self.chain += [(f"block {next(self.names)}", ()) for _ in range(depth)]

    def executed(self, key: str, upto: int) -> int:
        return sum(one.key == key for _, sent in self.chain[: upto + 1] for one in sent)


def _replaces(newer: Price, older: Price) -> bool:
    pairs = [(newer.tip, older.tip), (newer.max_fee, older.max_fee)]
    return all(new * 10 >= old * 11 and new > old for new, old in pairs)


class Stopped(Exception):
    """The process was killed here."""


@dataclass(slots=True)
class Keeper:
    """What is on disk, and rounds that may stop between any two writes or sends."""

    world: World
    entries: dict[str, Entry] = field(default_factory=dict)
    signed: list[Sent] = field(default_factory=list)
    floor: int = 0
    left: int = 0

    def round(self, left: int) -> None:
        self.left = left
        account = self.account()
        for entry in [entry for entry in self.entries.values() if entry.open]:
            newer, effects = review(entry, self.seen(entry, account), account, FEES)
            self._keep(entry, newer)
            for effect in effects:
                self._do(newer, effect, account)
        self._begin(account)

    def account(self) -> AccountSeen:
        world, used = self.world, self.world.used(self.world.head)
        pooled = used
        while pooled in world.pool:
            pooled += 1
        return AccountSeen(
            final=world.final,
            head=world.head,
            final_count=world.used(world.final),
            head_count=used,
            pool_count=pooled,
            time=Seconds(world.head),
            base_fee=world.base_fee,
            tip=2,
            balance=10**18,
            gas_limit=30_000_000,
        )

    def seen(self, entry: Entry, account: AccountSeen) -> Seen:
        for attempt in reversed(entry.attempts):
            if (at := self.world.place(attempt.transaction)) is not None:
                name, final = attempt.transaction, at <= account.final
                place = {"block": at, "block_hash": self.world.chain[at][0], "final": final}
                return Seen(mined=Mined(transaction=name, cancels=attempt.cancels, succeeded=True, **place))  # type: ignore[arg-type]
        if entry.nonce is not None and account.final_count > entry.nonce:
            at = next(at for at in range(account.final + 1) if self.world.used(at) > entry.nonce)
            other = next(one for one in self.world.chain[at][1] if one.nonce == entry.nonce)
            place_hash = self.world.chain[at][0]
            return Seen(
                taken=Taken(transaction=other.name, same=False, succeeded=True, block=at, block_hash=place_hash)
            )
        pooled = entry.nonce is not None and self.world.pool.get(entry.nonce)
        return Seen(pooled=bool(pooled and pooled.name == entry.newest.transaction))

    def _do(self, entry: Entry, effect: Sign | Send | Finding, account: AccountSeen) -> None:
        if isinstance(effect, Sign):
            self._sign(entry, effect, account)
        elif isinstance(effect, Send):
            self._send(effect.attempt.transaction)

    def _begin(self, account: AccountSeen) -> None:
        for entry in in_turn(self._open()):
            if has_room(self._open(), FEES):
                self._sign(entry, self._order(account), account)
        missing = gap(self._open(), self.floor, account)
        if missing is not None:
            filler = filling(1, ANN, missing)
            self._sign(self.entries.setdefault(filler.key, Entry(intent=filler)), self._order(account), account)

    def _open(self) -> list[Entry]:
        return [entry for entry in self.entries.values() if entry.open]

    def _order(self, account: AccountSeen) -> Sign:
        used = [entry.nonce for entry in self._open() if entry.nonce is not None]
        return beginning(used, self.floor, account, FEES)

    def _sign(self, entry: Entry, order: Sign, account: AccountSeen) -> None:
        name, key = f"transaction {next(self.world.names)}", "" if order.cancels else entry.intent.key
        attempt = Attempt(transaction=name, raw=b"", price=order.price, cancels=order.cancels, block=account.head)
        self._keep(entry, signed(entry, order.nonce, 21_000, attempt))
        self.signed.append(Sent(name, order.nonce, key, order.price))
        self._send(name)

    def _send(self, name: str) -> None:
        self._spend()
        self.world.send(next(sent for sent in self.signed if sent.name == name))

    def _keep(self, before: Entry, after: Entry) -> None:
        if after == before:
            return
        self._spend()
        held = [entry for entry in self.entries.values() if entry.nonce == after.nonce is not None]
        assert all(entry.intent.key == after.intent.key for entry in held), "one nonce, one intent"
        self.entries[after.intent.key] = after
        if before.nonce is not None and (after.nonce is None or not after.open):
            self.floor = max(self.floor, before.nonce + 1)

    def _spend(self) -> None:
        if not self.left:
            raise Stopped
        self.left -= 1
