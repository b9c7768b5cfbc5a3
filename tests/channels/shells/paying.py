"""Pays one unit again and again from a wallet that others use too, until the deposit is spent; says what it signed."""

import json
import sys
import time

from chain import Chain, Signer
from channels import Payer
from channels.errors import AmountExceedsDeposit


def main() -> None:
    url, key, store, token = sys.argv[1:]
    signed: list[int] = []
    with Chain.connect("local", [url]) as chain, Payer(chain, Signer.from_key(key), store) as wallet:
        (lane,), unit = wallet.lanes(), chain.token(token).units(1)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        try:
            while True:
                signed.append(wallet.pay(lane, unit).voucher.cumulative_amount)
                time.sleep(0.0005)  # SQLite's lock isn't fair: without a pause one process can keep it to the end
        except AmountExceedsDeposit:
            json.dump(signed, sys.stdout)


if __name__ == "__main__":
    main()
