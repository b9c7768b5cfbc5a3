"""Workers that are killed at random, over a chain that is reorganised and before a shop that fails.

`python -m tests.earnest.worker.campaign --kills 200 --seed 7` prints what came of it, and ends with an error unless the
shop was told everything, in order, and by one worker at a time.
"""

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from chain import Event, LocalChain
from chain.contracts import by_address
from chain.stores.followed import FollowedFile
from earnest.testing.world import endow
from earnest.worker.file import WorkerFile
from earnest.worker.news import Cursor, News, Seen
from earnest.worker.webhooks.message import message_of, subject_of
from tests.earnest.worker.life import work
from tests.earnest.worker.receiver import Arrived, Receiver
from tests.earnest.worker.shop import DEEP, captured, paid
from tests.earnest.worker.values import SECRET

AT_ONCE = 2
CONFIG = """
network = "local"
rpc = ["{url}"]
finality = {{confirmations = {deep}}}
lease = 1
port = 0
max_lag = 86400
[follower]
[[endpoint]]
name = "shop"
url = "{shop}"
secrets = ["env:SHOP_SECRET"]
allow_http = true
answer_within = 0.5
"""


@dataclass
class Totals:
    kills: int = 0
    turns: int = 0
    reorgs: int = 0
    attempts: int = 0
    told: int = 0
    undone: int = 0
    doubled: int = 0


@dataclass
class Campaign:
    """A chain, a shop and `AT_ONCE` workers; `chance` decides what happens next."""

    chain: LocalChain
    shop: Receiver
    folder: Path
    chance: random.Random
    totals: Totals = field(default_factory=Totals)
    workers: list[BaseProcess] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["earnest.worker.running", "tests.earnest.worker.life"])
        self._salt = 0

    def start(self) -> None:
        while len(self.workers) < AT_ONCE:
            process = self._context.Process(target=work, args=(self.folder,), daemon=True)
            process.start()
            self.workers.append(process)

    def kill(self) -> None:
        """Any of them, at any instruction."""
        worker = self.workers.pop(self.chance.randrange(len(self.workers)))
        worker.kill()
        worker.join()
        self.totals.kills += 1

    def trade(self) -> None:
        for _ in range(self.chance.randint(1, 3)):
            self._salt += 1
            payment = paid(self.chain, "0.01", salt=self._salt)
            if self.chance.random() < 0.7:
                captured(self.chain, payment)

    def reorganise(self) -> None:
        """What was traded for a moment is replaced by other blocks, of which some have the same payments."""
        before, salt = self.chain.snapshot(), self._salt
        self._salt += 1
        subject = "0x" + paid(self.chain, "0.01", salt=self._salt).payment_id.hex()
        patience = time.monotonic() + self.chance.choice([0, 5])
        while time.monotonic() < patience and all(request.subject != subject for request in self.shop.arrived):
            time.sleep(0.02)
        self.chain.restore(before)
        self.chain.travel(to=self.chain.after(seconds=1))
        if self.chance.random() < 0.5:
            self._salt = salt
        self.trade()
        self.totals.reorgs += 1

    def drained(self) -> bool:
        """Whether all that there is was read, and delivered."""
        with suppress(Exception):
            file = WorkerFile(self.folder / "worker.db", self.chain.chain_id)
            ((latest, final),) = file.rows("SELECT latest, final FROM cursor")
            waiting = file.rows("SELECT count(*) FROM deliveries")
            self.totals.turns = file.rows("SELECT fence FROM lease")[0][0]
            file.close()
            told = self.tellings()
            ends = {kind: max(s.position for s in told if (s.finality == "final") == kind) for kind in (False, True)}
            newest = max(event.block for event in self.chain.events("Escrow"))
            return (latest, final) == (ends[False], ends[True]) and waiting == [(0,)] and told[-1].event.block == newest
        return False

    def tellings(self) -> list[Seen]:
        """What the follower has on disk, as it must be told."""
        with FollowedFile(self.folder / "follower.db", self.chain.chain_id, by_address()) as file:
            return News(file).after(Cursor(), 10**9)[0]

    def check(self) -> None:
        told = self.tellings()
        ids = {message_of(seen, self.chain.chain_id, 0).id: seen for seen in told}
        taken = [request.id for request in self.shop.taken]
        first = list(dict.fromkeys(taken))
        assert set(first) == set(ids), "the shop was told all, and nothing else"
        final = [seen.event for seen in told if seen.finality == "final"]
        assert sorted(final, key=_place) == sorted(self.chain.events("Escrow"), key=_place), "as the chain has it"
        for subject in {subject_of(seen.event) for seen in told}:
            _require_order([ids[one] for one in first if subject_of(ids[one].event) == subject])
        self.totals.attempts, self.totals.told = len(self.shop.arrived), len(first)
        self.totals.undone = sum(seen.finality == "undone" for seen in told)
        self.totals.doubled = len(taken) - len(first)


def _place(event: Event) -> tuple[int, int]:
    return event.block, event.log_index


def _require_order(told: list[Seen]) -> None:
    """About one subject: as the follower had it, and final only after it was told."""
    news = [seen.position for seen in told if seen.finality != "final"]
    assert news == sorted(news), "undone comes before what replaced it"
    for place, seen in enumerate(told):
        before = [earlier.position for earlier in told[:place] if earlier.finality == "latest"]
        assert seen.finality != "final" or seen.position in before, "final comes after latest"


def faulty(chance: random.Random) -> Iterator[int]:
    while True:
        yield chance.choices([204, 500, 302, 0], [70, 15, 10, 5])[0]


def run(kills: int, seed: int) -> Totals:
    chance = random.Random(seed)
    with campaign(chance) as fight:
        while fight.totals.kills < kills:
            fight.start()
            chance.choice([fight.trade, fight.trade, fight.reorganise])()
            time.sleep(chance.expovariate(2))
            fight.kill()
        fight.shop.answer = lambda _: 204
        fight.trade()
        fight.chain.mine(DEEP)
        fight.start()
        deadline = time.monotonic() + 120
        while not fight.drained():
            assert time.monotonic() < deadline, "something was never told"
            time.sleep(0.1)
        fight.check()
        return fight.totals


@contextmanager
def campaign(chance: random.Random) -> Iterator[Campaign]:
    answers = faulty(random.Random(chance.random()))

    def answer(request: Arrived) -> int:
        status = next(answers)
        if not status:
            time.sleep(1)  # Longer than it is waited for: it was taken, and the worker doesn't know.
        return status or 204

    with LocalChain.start("eth-tester") as chain, tempfile.TemporaryDirectory() as folder:
        endow(chain)
        shop = Receiver(SECRET, answer)
        config = CONFIG.format(url=chain.serve(), deep=DEEP, shop=shop.url)
        (Path(folder) / "worker.toml").write_text(config)
        fight = Campaign(chain, shop, Path(folder), chance)
        try:
            yield fight
        finally:
            for worker in fight.workers:
                worker.kill()
                worker.join()
            shop.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    wanted = parser.parse_args()
    sys.stdout.write(f"{run(wanted.kills, wanted.seed)}\n")


if __name__ == "__main__":
    main()
