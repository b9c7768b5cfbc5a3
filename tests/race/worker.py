"""One of several merchants over one store: `python worker.py URL KEY STORE SEED COUNT POOL`, then a line on its input.

It asks a shuffled choice of the pool's requests, some of them twice, sixteen at a time, and says what it was answered.
"""

import asyncio
import json
import random
import sys
from pathlib import Path
from typing import Any

from chain import Signer
from chain.aio.chain import AsyncChain
from channels import AsyncPayee
from channels.stores.opening import Store
from channels.stores.postgres import PostgresStore

AT_ONCE, PRICE = 16, 7


def store_of(place: str) -> Store | str:
    """A DSN or a path."""
    return PostgresStore(place) if place.startswith("postgresql:") else place


async def served(till: AsyncPayee, request: dict[str, Any], price: Any) -> list[Any]:
    """What the key was answered: what was delivered with it, and accepted."""
    await till.accept(request["voucher"])
    lane_id = bytes.fromhex(request["lane"])
    made = await till.deliver(lane_id, price, request["key"])  # type: ignore[arg-type]
    return [request["key"], made.delivered.units, made.delivered.units + made.left.units]


async def worked(url: str, key: str, place: str, asked: list[dict[str, Any]]) -> list[list[Any]]:
    waiting = iter(asked)
    async with (
        await AsyncChain.connect("local", [url]) as chain,
        AsyncPayee(chain, Signer.from_key(key), store_of(place)) as till,
    ):
        price = (await chain.token("USDC")).units(PRICE)

        async def client() -> list[list[Any]]:
            return [await served(till, request, price) for request in waiting]

        answers = await asyncio.gather(*(client() for _ in range(AT_ONCE)))
    return [answer for some in answers for answer in some]


def main() -> None:
    url, key, place, seed, count, pool = sys.argv[1:]
    requests = [json.loads(line) for line in Path(pool).read_text().splitlines()]
    chance = random.Random(int(seed))
    asked = chance.choices(requests, k=int(count))
    sys.stdin.readline()
    json.dump(asyncio.run(worked(url, key, place, asked)), sys.stdout)


if __name__ == "__main__":
    main()
