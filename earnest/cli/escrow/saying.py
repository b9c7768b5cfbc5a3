"""What is said before money moves, and after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import typer

from chain import Address, Token
from earnest.cli import answer
from earnest.cli.escrow.desk import Desk
from escrow import Begin, Effect, Finding, Pay, Payment, Pull, Severity, Terms, transition
from escrow.actions import Action

_COLOURS = {Severity.REFUSE: "red", Severity.RISK: "yellow", Severity.NOTE: None}


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Between two states of one payment."""

    token: Token
    before: Payment
    after: Payment

    def amounts(self) -> Iterator[tuple[str, int]]:
        """What went where, in base units; what the payee got includes the fee."""
        before, after = self.before.holding, self.after.holding
        if before.used:
            yield "back to the payer", self.after.returned - self.before.returned
        else:
            yield "paid in by the payer", after.held + after.refundable
        yield "to the payee", max(after.refundable - before.refundable, 0)
        yield "refunded by the payee", max(before.refundable - after.refundable, 0)

    def to_json(self) -> dict[str, Any]:
        """Only what moved."""
        return {name: self.token.units(units).to_json() for name, units in self.amounts() if units}

    def lines(self) -> Iterator[str]:
        """For people."""
        moved = [f"{self.token.units(units)} {name}" for name, units in self.amounts() if units]
        yield "Moved: " + ("; ".join(moved) or "nothing")
        yield f"Held now: {self.token.units(self.after.holding.held)}"


def foreseen(desk: Desk, action: Action) -> list[str]:
    """What the action would move, by the contract's twin. Raises the `IllegalAction` by which it would be refused."""
    _, effects = transition(desk.payment, action, desk.chain.now())
    held = desk.token.units(desk.payment.holding.held)
    return [f"Held: {held}", *(_line(desk, effect) for effect in effects)]


def ask(desk: Desk, what: str, lines: Iterable[str], *, yes: bool, quiet: bool) -> None:
    """Says it in money and asks, unless `yes`; `quiet` keeps standard output for the answer."""
    title = f"{what}, payment 0x{desk.payment.payment_id.hex()}"
    answer.ask(desk.signer, [title, *lines], yes=yes, quiet=quiet)


def tell(desk: Desk, verb: str, after: Payment, *, as_json: bool) -> None:
    """What moved, what it cost, and the newer state, which is kept in the file first."""
    desk.keep(after)
    moved = Moved(token=desk.token, before=desk.payment, after=after)
    facts = {"verb": verb, "payment": after.to_json(), "moved": moved.to_json()}
    answer.done(facts, moved.lines(), after.receipt, as_json=as_json)


def list_findings(findings: Iterable[Finding], *, quiet: bool = False) -> None:
    """One a line, the worst first."""
    for finding in findings:
        typer.secho(str(finding), fg=_COLOURS[finding.severity], err=quiet)


def _line(desk: Desk, effect: Effect) -> str:
    match effect:
        case Pull(owner=owner, amount=amount):
            return f"  {desk.token.units(amount)} comes in from {_who(desk.part.terms, owner)}"
        case Pay(to=to, amount=amount):
            return f"  {desk.token.units(amount)} goes out to {_who(desk.part.terms, to)}"
        case Begin(payment=payment):
            return f"  {desk.token.units(payment.holding.held)} goes on as payment 0x{payment.payment_id.hex()}"


def _who(terms: Terms, address: Address) -> str:
    parts = {"payer": terms.payer, "payee": terms.payee, "fee recipient": terms.fee_recipient}
    roles = [role for role, party in parts.items() if party == address]
    return f"the {' and '.join(roles)} {address}" if roles else address
