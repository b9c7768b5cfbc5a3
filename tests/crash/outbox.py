"""Two processes with one account and one outbox, killed again and again on a chain that undoes what they did.

`python -m tests.crash.outbox --intents 500 --kills 60 --seed 7` prints what happened. Each intent mints an amount of
its own, so that its effects can be counted in the logs of the final chain.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from chain import Chain, LocalChain, Signer
from chain.contracts import TEST_TOKEN, address_of, interface
from chain.finality import Finality
from chain.outbox import Fees, Stage
from chain.outbox.entry import Entry
from chain.stores.outbox import OutboxStore
from chain.sync.outbox import Outbox
from tests.crash.life import Life, Say, Word
from tests.crash.outbox_trouble import DEPTH, OutboxTrouble

PROCESSES, LEASE, SHORTEST, LONGEST = 2, 0.3, 0.02, 1.0
FEES = Fees(max_fee=10**15, patience=2)


class OutboxCampaign:
    """Amounts 1 to `intents`, each under a key of its own that both processes submit."""

    def __init__(self, chain: LocalChain, url: str, path: Path, intents: int, chance: random.Random) -> None:
        self._chain, self._url, self._path, self._chance = chain, url, path, chance
        self.intents, self.kills = intents, 0
        self.signer, self.shop = Signer.generate(), Signer.generate().address
        chain.fund(self.signer.address, "1000000", "0")
        self.trouble = OutboxTrouble(chain, self.signer, chance)
        self.said: set[int] = set()

    def run(self, kills: int, seconds: float) -> None:
        """Until so many lives were killed, then until everything is final. Raises `TimeoutError`."""
        deadline = time.monotonic() + seconds
        lives = [self._life() for _ in range(PROCESSES)]
        ends = [self._moment() for _ in lives]
        try:
            while self.kills < kills or self._open():
                for place, life in enumerate(lives):
                    self._hear(life.words(0.005))
                    if self.kills < kills and time.monotonic() > ends[place]:
                        self.kills += self._end(life)
                        lives[place], ends[place] = self._life(), self._moment()
                self.trouble.next() if self.kills < kills else self.trouble.mine()
                if time.monotonic() > deadline:
                    raise TimeoutError(Counter(entry.stage for entry in self.entries()))
        finally:
            for life in lives:
                life.close()

    def entries(self) -> list[Entry]:
        """Everything in the outbox."""
        store = OutboxStore(self._path, self._chain.chain_id)
        try:
            return store.entries()
        finally:
            store.close()

    def effects(self) -> Counter[int]:
        """How often each amount was minted on the final chain."""
        final = self._chain._node.block("latest").number - DEPTH
        minted = [event for event in self._chain.events(TEST_TOKEN, "Transfer") if event.block <= final]
        return Counter(event.args["value"] for event in minted if event.args["to"] == self.shop)

    def check(self) -> None:
        """Each intent is done, says so, and has one effect."""
        ours = [entry for entry in self.entries() if entry.intent.fills is None]
        assert Counter(entry.stage for entry in ours) == {Stage.DONE: self.intents}
        assert self.effects() == dict.fromkeys(range(1, self.intents + 1), 1)

    def _open(self) -> bool:
        entries = self.entries()
        return len(entries) < self.intents or any(entry.open for entry in entries)

    def _moment(self) -> float:
        return time.monotonic() + self._chance.uniform(SHORTEST, LONGEST)

    def _life(self) -> Life:
        wanted = list(range(1, self.intents + 1))
        self._chance.shuffle(wanted)
        return Life(self._work(wanted))

    def _end(self, life: Life) -> bool:
        life.kill()
        self._hear(life.end())
        return True

    def _hear(self, words: Iterator[Word]) -> None:
        """What is called done is final: it can be counted there at once."""
        new = {int(word["done"]) for word in words} - self.said
        if new:
            effects = self.effects()
            assert [effects[amount] for amount in new] == [1] * len(new)
        self.said |= new

    def _work(self, wanted: list[int]) -> Callable[[Say], None]:
        def work(say: Say) -> None:
            finality = Finality.confirmations(DEPTH + 1)
            mint, token = interface(TEST_TOKEN).function("mint", 2), address_of(TEST_TOKEN)
            with Chain.connect("local", [self._url], finality=finality, fees=FEES) as chain:
                outbox = Outbox(chain._node, chain.network, chain._at, chain.native, self._path, lease=LEASE)
                told = set[str]()
                while True:
                    for amount in wanted[:8]:
                        outbox.submit(self.signer, f"mint {amount}", token, mint.call_data([self.shop, amount]))
                    del wanted[:8]
                    outbox.step()
                    ended = (entry for entry in outbox.entries() if entry.stage is Stage.DONE)
                    done = {entry.intent.key for entry in ended if entry.intent.fills is None} - told
                    told |= done
                    for key in done:
                        say(done=key.removeprefix("mint "))

        return work


def main() -> None:
    """Prints the totals; a traceback names what was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--intents", type=int, default=500)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=540)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    asked = parser.parse_args()
    sys.stdout.write(f"seed {asked.seed}\n")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Chain.local("anvil") as chain:
        path, chance = Path(folder) / "outbox.db", random.Random(asked.seed)
        campaign = OutboxCampaign(chain, chain.serve(), path, asked.intents, chance)
        campaign.run(asked.kills, asked.seconds)
        campaign.check()
        rows = [*campaign.trouble.happened.most_common(), ("lives killed", campaign.kills), *_of(campaign.entries())]
    for kind, number in rows:
        sys.stdout.write(f"{number:6}  {kind}\n")
    sys.stdout.write(f"{asked.intents} intents, one effect each; {time.monotonic() - began:.0f} s\n")


def _of(entries: list[Entry]) -> list[tuple[str, int]]:
    return [
        ("transactions signed for what happened", sum(len(entry.attempts) for entry in entries)),
        ("gaps filled", sum(entry.intent.fills is not None for entry in entries)),
    ]


if __name__ == "__main__":
    main()
