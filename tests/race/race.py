"""Many merchants, one store: whoever is asked, each key is delivered once, and never more than is accepted."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from chain import LocalChain, Signer
from channels import MemoryStore, Payee, Payer, WalletLane
from tests.race.worker import PRICE, store_of

LANES, KEY = 8, "0x" + "5e" * 32


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How many requests were answered, of how many keys."""

    answers: int
    keys: int


def run(chain: LocalChain, place: str, folder: Path, *, processes: int, requests: int) -> Outcome:
    """`requests` a process, drawn from half as many keys as all of them ask for. Raises `AssertionError`."""
    shop, ann = Signer.from_key(KEY), Signer.generate()
    for signer in (shop, ann):
        chain.fund(signer.address)
    keys_a_lane = max(processes * requests // 2 // LANES, 1)
    with Payer(chain, ann, MemoryStore()) as wallet:
        price, deposit = chain.token("USDC").units(PRICE), chain.token("USDC")("10")
        lanes = [wallet.open(shop.address, deposit, timedelta(hours=1), salt=salt) for salt in range(LANES)]
        pool = folder / "pool"
        with pool.open("w") as file:
            for lane in lanes:
                for number, voucher in enumerate(wallet.pay_many(lane, [price] * keys_a_lane)):
                    key, sent = f"{lane.channel.salt}/{number}", json.dumps(voucher.to_json())
                    file.write(json.dumps({"lane": lane.id.hex(), "key": key, "voucher": sent}) + "\n")
    answers = _answers(chain.serve(), place, pool, processes=processes, requests=requests)
    _require_sound(chain, shop, place, lanes, answers)
    return Outcome(answers=len(answers), keys=len({key for key, *_ in answers}))


def _answers(url: str, place: str, pool: Path, *, processes: int, requests: int) -> list[tuple[str, int, int]]:
    script = str(Path(__file__).with_name("worker.py"))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    workers = [
        subprocess.Popen(
            [sys.executable, script, url, KEY, place, str(seed), str(requests), str(pool)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )
        for seed in range(processes)
    ]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    told = [worker.communicate()[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * processes
    return [(key, delivered, accepted) for text in told for key, delivered, accepted in json.loads(text)]


def _require_sound(
    chain: LocalChain, shop: Signer, place: str, lanes: Sequence[WalletLane], answers: list[tuple[str, int, int]]
) -> None:
    """One answer a key, whoever gave it; the sums follow; the highest voucher that was ever answered is kept."""
    sums: dict[str, int] = {}
    for key, delivered, accepted in answers:
        assert sums.setdefault(key, delivered) == delivered, "a key is delivered once"
        assert delivered <= accepted, "nothing is delivered that is not accepted"
    with Payee(chain, shop, store_of(place)) as till:
        books = till.books()[chain.token("USDC")]
        assert books.balance
        at_risk = sum(exposure.at_risk for exposure in till.exposure().values())
        assert at_risk == books.accepted.units
        for lane in lanes:
            mine = sorted(delivered for key, delivered in sums.items() if key.startswith(f"{lane.channel.salt}/"))
            assert mine == [PRICE * number for number in range(1, len(mine) + 1)], "no two keys share one sum"
            highest = max(
                (int(key.split("/")[1]) for key in sums if key.startswith(f"{lane.channel.salt}/")), default=-1
            )
            if highest < 0:
                continue
            kept, shown = till.newest(lane), till.show(lane)
            assert kept is not None
            assert kept.voucher.cumulative_amount == shown.accepted.units == PRICE * (highest + 1)
            assert shown.delivered.units == PRICE * len(mine) <= shown.accepted.units
        paid = till.claim().paid
        assert [money.units for money in paid] == [books.accepted.units]
