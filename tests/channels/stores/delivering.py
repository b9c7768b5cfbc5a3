"""Delivers keys from a range, in an order of its own, from a till that others use too; says what it was answered."""

import json
import random
import sys

from chain.typed_data import Domain
from chain.units import Amount, address
from channels.stores.till import Till


def main() -> None:
    path, chain_id, contract, channel_id, seed, keys, price = sys.argv[1:]
    till, answers = Till(path, Domain(int(chain_id), address(contract))), {}
    order = [f"key {number}" for number in range(int(keys))]
    random.Random(int(seed)).shuffle(order)
    sys.stdin.readline()
    for key in order:
        answers[key] = till.deliver(bytes.fromhex(channel_id), Amount(int(price)), key)  # type: ignore[arg-type]
    till.close()
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
