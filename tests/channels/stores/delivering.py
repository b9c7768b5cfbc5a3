"""Delivers keys from a range, in an order of its own, from a till that others use too; says what it was answered."""

import json
import random
import sys

import msgspec

from chain.typed_data import Domain
from chain.units import Amount, Hash32, Seconds, address
from channels.channel import ChannelId
from channels.stores.book import Order
from channels.stores.opening import SqliteStore


def main() -> None:
    path, chain_id, contract, channel_id, seed, keys, price = sys.argv[1:]
    till, answers = SqliteStore(path).till(Domain(int(chain_id), address(contract))), {}
    order = [f"key {number}" for number in range(int(keys))]
    random.Random(int(seed)).shuffle(order)
    sys.stdin.readline()
    for key in order:
        asked = Order(ChannelId(Hash32(bytes.fromhex(channel_id))), {key: Amount(int(price))}, Seconds(0))
        (made,) = till.deliver([asked])
        assert isinstance(made, list)
        answers[key] = msgspec.structs.astuple(made[0])
    till.close()
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
