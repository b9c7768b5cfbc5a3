"""Kills a merchant, or a payer, under load: `python -m tests.crash.run --database sqlite --kills 1000 --seed 7`.

The seed chooses requests and faults; the moments of SIGKILL are the kernel's. A traceback names what was broken.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from tests.crash.campaign import Campaign
from tests.crash.deaths import Deaths
from tests.crash.market import opened
from tests.crash.payer import PayerCampaign
from tests.crash.place import Place
from tests.crash.postgres_place import PostgresPlace
from tests.crash.sqlite_place import SqlitePlace


def main() -> None:
    """Prints how the lives ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--who", choices=("payee", "payer"), default="payee")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    asked = parser.parse_args()
    sys.stdout.write(f"seed {asked.seed}\n")
    chance, began = random.Random(asked.seed), time.monotonic()
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        place = _place(asked.database, folder, chance, ends)
        market = ends.enter_context(opened(folder))
        if asked.who == "payee":
            merchants = Campaign(market, place, chance)
            merchants.run(asked.kills)
            merchants.claim()
            said = f"{len(merchants.answered.delivered)} keys delivered once, {merchants.answered.failed} refused"
            deaths = merchants.deaths
        else:
            payers = PayerCampaign(market, place, chance)
            payers.run(asked.kills)
            said = f"{len(payers.left.by_amount)} amounts signed once, {payers.left.failed} refused"
            deaths = payers.deaths
    _print(deaths, said, time.monotonic() - began)


def _place(database: str, folder: Path, chance: random.Random, ends: ExitStack) -> Place:
    if database == "sqlite":
        return SqlitePlace(folder / "store.db", chance)
    return ends.enter_context(PostgresPlace(chance))


def _print(deaths: Deaths, said: str, seconds: float) -> None:
    rows = [*deaths.kills.most_common(), ("all", deaths.kills.total()), *Counter(deaths.besides).most_common()]
    for kind, number in rows:
        sys.stdout.write(f"{number:6}  {kind}\n")
    sys.stdout.write(f"{said}; {seconds:.0f} s\n")


if __name__ == "__main__":
    main()
