"""Processes that open one new store at once, accept, and deliver the same keys; says what each was answered."""

import asyncio
import json
import multiprocessing
import random
import sys
from functools import partial

from chain.typed_data import Domain
from chain.units import Amount, Seconds, address
from channels import Channel
from channels.stores.book import Order
from channels.stores.postgres import PostgresStore
from tests.channels.stores.postgres.making import known, newer, seen

Answers = dict[str, tuple[int, int]]


async def deliver(dsn: str, domain: Domain, channel: Channel, keys: int, price: int, seed: int) -> Answers:
    """All keys in an order of its own, each in a call of its own."""
    chance, till, answers = random.Random(seed), PostgresStore(dsn).async_till(domain), Answers()
    order = [f"key {number}" for number in range(keys)]
    chance.shuffle(order)
    total = keys * price
    session = await known(till, channel, seen(deposit=total))
    while session.accepted < total:
        await till.keep([newer(session, min(session.accepted + chance.randint(1, 50), total))], {})
        session = (await till.book(channel.id)).session
    for key in order:
        (made,) = await till.deliver([Order(channel.id, {key: Amount(price)}, Seconds(0))])
        assert isinstance(made, list), made
        answers[key] = made[0].delivered, made[0].left
    await till.close()
    return answers


def work(place: tuple[str, Domain, Channel, int, int], seed: int) -> Answers:
    return asyncio.run(deliver(*place, seed))


def main() -> None:
    dsn, chain_id, contract, described, processes, keys, price = sys.argv[1:]
    domain, channel = Domain(int(chain_id), address(contract)), Channel.from_json(json.loads(described))
    place = dsn, domain, channel, int(keys), int(price)
    with multiprocessing.get_context("fork").Pool(int(processes)) as pool:
        json.dump(pool.map(partial(work, place), range(int(processes)), chunksize=1), sys.stdout)


if __name__ == "__main__":
    main()
