"""The verbs by which held money leaves without a dispute, and comes back."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from earnest.cli.escrow.desk import Desk, working
from earnest.cli.escrow.options import Acting, UpTo
from earnest.cli.escrow.saying import ask, foreseen, tell
from escrow import Payment, actions
from escrow.levels import held_after_paying, held_after_returning, refundable_after_returning

if TYPE_CHECKING:
    from chain import Money

Foresee = Callable[[Desk], actions.Action]
Do = Callable[[Desk], Payment]


def act(options: Acting, verb: str, foresee: Foresee, do: Do) -> None:
    """Says what the verb would move, asks, does it, and says what it moved."""
    with working(options) as desk:
        ask(desk, verb.capitalize(), foreseen(desk, foresee(desk)), yes=options.yes, quiet=options.as_json)
        tell(desk, verb, do(desk), as_json=options.as_json)


def capture(*, options: Acting, up_to: UpTo = None) -> None:
    """Pay the payee, as the operator, all or up to a total."""
    act(
        options,
        "capture",
        lambda desk: actions.Capture(
            caller=desk.signer.address, held_after=held_after_paying(desk.payment, desk.money(up_to))
        ),
        lambda desk: desk.escrow.capture(desk.known, desk.money(up_to)),
    )


def release(*, options: Acting, up_to: UpTo = None) -> None:
    """Pay the payee, as the payer, all or up to a total."""
    act(
        options,
        "release",
        lambda desk: actions.Release(
            caller=desk.signer.address, held_after=held_after_paying(desk.payment, desk.money(up_to))
        ),
        lambda desk: desk.escrow.release(desk.known, desk.money(up_to)),
    )


def void(*, options: Acting, up_to: UpTo = None) -> None:
    """Give held money back, as payee or operator, up to a total."""
    act(
        options,
        "void",
        lambda desk: actions.Void(
            caller=desk.signer.address, held_after=held_after_returning(desk.payment, desk.money(up_to))
        ),
        lambda desk: desk.escrow.void(desk.known, desk.money(up_to)),
    )


def refund(*, options: Acting, up_to: UpTo = None) -> None:
    """Give paid money back, as payee or operator, up to a total."""
    act(
        options,
        "refund",
        lambda desk: _refund(desk, desk.money(up_to)),
        lambda desk: desk.escrow.refund(desk.known, desk.money(up_to)),
    )


def expire(*, options: Acting) -> None:
    """End a hold that is over, by the split for silence."""
    act(
        options,
        "expire",
        lambda desk: actions.Expire(caller=desk.signer.address),
        lambda desk: desk.escrow.expire(desk.known),
    )


def cancel(*, options: Acting) -> None:
    """Make terms that were never funded unusable, as the payer."""
    act(
        options,
        "cancel",
        lambda desk: actions.Cancel(caller=desk.signer.address),
        lambda desk: desk.escrow.cancel(desk.part.terms),
    )


def _refund(desk: Desk, up_to: "Money | None") -> actions.Refund:
    level = refundable_after_returning(desk.known, up_to)
    amount = max(desk.known.holding.refundable - level, 0)
    return actions.Refund(
        caller=desk.signer.address,
        held=desk.known.holding.held,
        refundable_after=level,
        value=amount if desk.token.is_native else 0,
    )
