"""A shop that sells for vouchers, in this process or as one of its own: JSON lines in on stdin, answers out on stdout.

    {"order": "1", "price": "1000", "voucher": {...}}  ->  {"order": "1", "delivered": "1000", "left": "0"}
    what is refused                                    ->  {"order": "1", "error": "NotEnough", "says": "..."}

An order that is answered was paid; asked again, it is answered the same and charged once. Amounts are base units.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chain import Chain, Money, Signer
from chain.errors import EarnestError, Malformed
from channels import Delivery, Payee, SignedVoucher


class Merchant:
    """Accept, deliver, answer: money is on disk before goods are, and both are before the answer."""

    def __init__(self, till: Payee) -> None:
        self.till = till

    def sell(self, prices: Mapping[str, Money], newest: SignedVoucher) -> list[Delivery]:
        """Each order at its price, all or none; of a burst the newest voucher covers the others.

        Raises what `Payee.accept` and `Payee.deliver_many` raise.
        """
        self.till.accept(newest)
        return self.till.deliver_many(newest.channel, prices)

    def answer(self, line: str) -> str:
        """One request as one line of JSON; what is refused is answered by the error's name."""
        order = None
        try:
            order, units, voucher = _request(line)
            price = self.till.chain.token(voucher.channel.token).units(units)
            (sold,) = self.sell({order: price}, voucher)
        except EarnestError as error:
            return json.dumps({"order": order, "error": type(error).__name__, "says": str(error)})
        return json.dumps({"order": order, "delivered": str(sold.delivered.units), "left": str(sold.left.units)})


def serve(merchant: Merchant, requests: Iterable[str], send: Callable[[str], Any]) -> None:
    """Answers each line before it reads the next."""
    for line in requests:
        send(merchant.answer(line) + "\n")


def _request(line: str) -> tuple[str, int, SignedVoucher]:
    try:
        asked = json.loads(line)
        order, price, voucher = asked["order"], asked["price"], asked["voucher"]
    except (ValueError, KeyError, TypeError):
        raise Malformed("request", "it is no JSON object of order, price and voucher") from None
    if not isinstance(order, str) or not isinstance(price, str) or not (price.isascii() and price.isdigit()):
        raise Malformed("request", "order and price are text, the price in base units")
    return order, int(price), SignedVoucher.from_json(voucher)


def main() -> None:
    """A merchant as a process; its key comes in the environment variable EARNEST_KEY."""
    options = argparse.ArgumentParser(prog="merchant", description=main.__doc__)
    options.add_argument("--rpc", required=True, help="a local chain's URL")
    options.add_argument("--store", required=True, help="the till's file")
    chosen = options.parse_args()
    signer = Signer.from_key(os.environ["EARNEST_KEY"])
    with Chain.connect("local", [chosen.rpc]) as chain, Payee(chain, signer, chosen.store) as till:

        def send(text: str) -> None:
            sys.stdout.write(text)
            sys.stdout.flush()

        serve(Merchant(till), sys.stdin, send)


if __name__ == "__main__":
    main()
