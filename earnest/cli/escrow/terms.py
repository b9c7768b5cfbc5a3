"""`earnest escrow terms`: an agreement for one of the usual jobs, explained and checked, as a file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from earnest.cli.escrow import dossier
from earnest.cli.escrow.desk import native_or_token
from earnest.cli.escrow.drafting import (
    Amount,
    CaptureFrom,
    ConditionFile,
    Drafting,
    Expiry,
    IfExpired,
    Judging,
    Operator,
    Who,
)
from earnest.cli.escrow.options import Json, OnChain, Out
from earnest.cli.escrow.saying import list_findings
from earnest.cli.escrow.spread import command
from earnest.cli.escrow.step import read_condition, step
from earnest.cli.escrow.when import moment, split
from earnest.cli.options import connected
from escrow import Agreement, Terms
from escrow.agreement import Part

if TYPE_CHECKING:
    from chain import Chain

group = typer.Typer(help="Write an agreement, and say what it means.", no_args_is_help=True)

PAYMENT = "payment"
"""The name of an agreement's only part."""
BondedFile = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The agreement that is to have a bond.")
]


@command(group)
def purchase(
    *,
    drafting: Drafting,
    amount: Amount,
    expiry: Expiry,
    if_expired: IfExpired,
    judging: Judging,
    operator: Operator = "",
    capture_from: CaptureFrom = None,
) -> None:
    """Hold until the payer releases; either may ask an arbiter."""
    with connected(drafting.network, drafting.rpc) as chain:
        judged = judging.members()
        if not judged:
            raise typer.BadParameter("a purchase has an arbiter: --arbiter, --ruling-period, --if-arbiter-silent")
        driven = _driven(chain, operator, capture_from)
        terms = Terms.purchase(**_held(drafting, chain, amount, expiry, if_expired), **driven, **judged)
        _write(drafting, chain, Agreement((Part(name=PAYMENT, terms=terms),)))


@command(group)
def card(
    *,
    drafting: Drafting,
    amount: Amount,
    expiry: Expiry,
    if_expired: IfExpired,
    operator: Operator,
    capture_from: CaptureFrom = None,
) -> None:
    """Hold for an operator to capture or give back, as with a card."""
    with connected(drafting.network, drafting.rpc) as chain:
        driven = _driven(chain, operator, capture_from)
        terms = Terms.card(**_held(drafting, chain, amount, expiry, if_expired), **driven)
        _write(drafting, chain, Agreement((Part(name=PAYMENT, terms=terms),)))


@command(group)
def conditional(
    *,
    drafting: Drafting,
    amount: Amount,
    expiry: Expiry,
    if_expired: IfExpired,
    condition: ConditionFile,
    judging: Judging,
) -> None:
    """Hold until a condition releases it; an arbiter is optional."""
    found = read_condition(condition)
    with connected(drafting.network, drafting.rpc) as chain:
        held = _held(drafting, chain, amount, expiry, if_expired)
        terms = Terms.conditional(condition=found, **held, **judging.members())
        _write(drafting, chain, Agreement((Part(name=PAYMENT, terms=terms, condition=found),)))


@command(group)
def milestones(
    *,
    drafting: Drafting,
    steps: Annotated[
        list[str],
        typer.Option(
            "--step", metavar="STEP", help="NAME=AMOUNT[,condition=FILE][,expiry=TIME][,if-expired=WHO]; repeat it."
        ),
    ],
    expiry: Annotated[
        str | None, typer.Option(metavar="TIME", help="Of the steps that have none of their own.")
    ] = None,
    if_expired: Annotated[
        str | None, typer.Option(metavar="WHO", help=f"Who gets what a step holds then: {Who}.")
    ] = None,
    judging: Judging,
) -> None:
    """Hold each step of a job apart, all funded at once."""
    with connected(drafting.network, drafting.rpc) as chain:
        token, shared = native_or_token(chain, drafting.token), drafting.members(chain)
        if expiry is not None:
            shared["expiry"] = moment(expiry, shared["now"])
        if if_expired is not None:
            shared["if_expired"] = split(if_expired)
        parts = dict(step(text, token, shared["now"]) for text in steps)
        if len(parts) < len(steps):
            raise typer.BadParameter("two steps have one name")
        _write(drafting, chain, Agreement.milestones(steps=parts, **shared, **judging.members()))


@command(group)
def bond(*, sale: BondedFile, chain_options: OnChain, amount: Amount, out: Out, as_json: Json = False) -> None:
    """Add a stake of the payee's own, for the arbiter to decide on."""
    agreement = dossier.load(sale).agreement
    with connected(chain_options.network, chain_options.rpc) as chain:
        bonded = Agreement.bonded(agreement, amount=chain.token(agreement.token)(amount))
        _publish(chain, bonded, out, as_json=as_json)


def _held(drafting: Drafting, chain: "Chain", amount: str, expiry: str, if_expired: str) -> dict[str, Any]:
    members = drafting.members(chain)
    return members | {
        "amount": native_or_token(chain, drafting.token)(amount),
        "expiry": moment(expiry, members["now"]),
        "if_expired": split(if_expired),
    }


def _driven(chain: "Chain", operator: str, capture_from: str | None) -> dict[str, Any]:
    said: dict[str, Any] = {"operator": operator} if operator else {}
    return said if capture_from is None else said | {"capture_from": moment(capture_from, chain.now())}


def _write(drafting: Drafting, chain: "Chain", agreement: Agreement) -> None:
    _publish(chain, agreement, drafting.out, as_json=drafting.as_json)


def _publish(chain: "Chain", agreement: Agreement, out: Path, *, as_json: bool) -> None:
    token = chain.token(agreement.token)
    findings = agreement.check(now=chain.now(), token=token)
    dossier.create(out, dossier.Dossier(agreement=agreement).to_json())
    if as_json:
        typer.echo(json.dumps({"file": str(out), "findings": [finding.to_json() for finding in findings]}))
        return
    typer.echo(agreement.explain(token), nl=False)
    list_findings(findings)
    typer.echo(f"Written to {out}")
