"""What two parties had to do with each other, by the escrow's own events."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from chain.preflight.past import Past
from chain.units import Address
from escrow.holding import Holding

FUNDED, JUDGED = ("Authorized", "Charged"), ("Ruled", "Expired")


class Told(Protocol):
    """An event, whoever kept it."""

    @property
    def name(self) -> str:
        """As in the ABI."""

    @property
    def args(self) -> Mapping[str, Any]:
        """As the ABI names them."""

    @property
    def block(self) -> int:
        """Its number."""


def past_of(events: Iterable[Told], payer: Address, payee: Address) -> Past:
    """From events, each payment's in order. A dispute is lost where more than half of the hold went to the payee."""
    counterparties, since, disputed, lost = set[Address](), dict[bytes, int](), dict[bytes, Holding](), set[bytes]()
    for event in events:
        args = event.args
        payment_id = args.get("paymentId", b"")
        if event.name in FUNDED and args["payer"] == payer:
            counterparties.add(args["payee"])
            if args["payee"] == payee:
                since.setdefault(payment_id, event.block)
        elif event.name == "Disputed" and payment_id in since:
            disputed[payment_id] = Holding.from_word(args["holding"])
        elif (
            event.name in JUDGED
            and payment_id in disputed
            and _went_to_payee(disputed[payment_id], Holding.from_word(args["holding"]))
        ):
            lost.add(payment_id)
    return Past(
        payee=payee,
        paid=len(since),
        disputed=len(disputed),
        lost=len(lost),
        since=min(since.values(), default=None),
        counterparties=frozenset(counterparties),
    )


def _went_to_payee(before: Holding, after: Holding) -> bool:
    return 2 * (after.refundable - before.refundable) > before.held
