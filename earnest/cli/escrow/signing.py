"""`earnest escrow sign`: a party's word as a file, which anybody may bring to the chain."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from earnest.cli.escrow import dossier
from earnest.cli.escrow.authorizing import MethodName, require_sound, sign_authorize
from earnest.cli.escrow.consent import describe, paid_in_by
from earnest.cli.escrow.desk import Desk, working
from earnest.cli.escrow.disputes import Evidence, EvidenceHash, ToPayee, payee_part, shown_hash
from earnest.cli.escrow.options import Accept, Deadline, Out, Signing, UpTo
from earnest.cli.escrow.spread import command
from escrow import Agreement
from escrow.signed_consent import SignedConsent

group = typer.Typer(help="Sign a word that anybody may bring to the chain.", no_args_is_help=True)
command(group, "authorize")(sign_authorize)

ToPayer = Annotated[str, typer.Option("--to-payer", metavar="AMOUNT", help="What the payer gets of the hold, exactly.")]
NewTerms = Annotated[
    Path, typer.Option("--to", metavar="FILE", exists=True, dir_okay=False, help="The new agreement, of one part.")
]
PaidIn = Annotated[str | None, typer.Option("--paid-in", metavar="AMOUNT", help="What the new payer adds.")]
PaidOut = Annotated[str | None, typer.Option("--paid-out", metavar="AMOUNT", help="What the old payer gets back.")]


@command(group)
def release(*, options: Signing, out: Out, up_to: UpTo = None, deadline: Deadline = None) -> None:
    """Sign, as the payer, that the payee may have up to a total."""
    _sign(
        options,
        out,
        lambda desk: desk.escrow.sign_release(desk.known, desk.money(up_to), deadline=desk.time(deadline)),
    )


@command(group)
def void(*, options: Signing, out: Out, up_to: UpTo = None, deadline: Deadline = None) -> None:
    """Sign, as the payee, that up to a total may go back."""
    _sign(
        options,
        out,
        lambda desk: desk.escrow.sign_void(desk.known, desk.money(up_to), deadline=desk.time(deadline)),
    )


@command(group)
def dispute(
    *,
    options: Signing,
    out: Out,
    evidence: Evidence = [],  # noqa: B006
    evidence_hash: EvidenceHash = None,
    deadline: Deadline = None,
) -> None:
    """Sign that the arbiter is asked, as a party that may."""
    shown = shown_hash(evidence, evidence_hash)
    _sign(options, out, lambda desk: desk.escrow.sign_dispute(desk.known, shown, deadline=desk.time(deadline)))


@command(group)
def ruling(*, options: Signing, out: Out, to_payee: ToPayee) -> None:
    """Sign, as the arbiter, how the hold is split in this dispute."""
    _sign(options, out, lambda desk: desk.escrow.sign_ruling(desk.known, payee_part(desk, to_payee)))


@command(group)
def settle(*, options: Signing, out: Out, to_payer: ToPayer, deadline: Deadline = None) -> None:
    """Sign a split that payer and payee agree on. Until the deadline it is the other's choice."""
    _sign(
        options,
        out,
        lambda desk: desk.escrow.sign_settlement(desk.known, desk.token(to_payer), deadline=desk.time(deadline)),
    )


@command(group)
def amend(
    *,
    options: Signing,
    out: Out,
    to: NewTerms,
    paid_in: PaidIn = None,
    paid_out: PaidOut = None,
    deadline: Deadline = None,
    method: MethodName = "allowance",
    accept: Accept = [],  # noqa: B006
) -> None:
    """Sign, as a party, that what is held moves to new terms."""
    part = dossier.load(to).part(None)

    def signed(desk: Desk) -> SignedConsent:
        require_sound(desk, Agreement((part,)), accept, quiet=options.as_json)
        consent = desk.escrow.sign_amendment(
            desk.known,
            part.terms,
            paid_in=desk.money(paid_in),
            paid_out=desk.money(paid_out),
            deadline=desk.time(deadline),
            accept=accept,
        )
        return paid_in_by(desk, consent, method)

    _sign(options, out, signed)


def _sign(options: Signing, out: Path, sign: Callable[[Desk], SignedConsent]) -> None:
    with working(options) as desk:
        consent = sign(desk)
        dossier.create(out, consent.to_json())
        if options.as_json:
            typer.echo(json.dumps({"file": str(out), "digest": "0x" + consent.digest.hex()}))
            return
        for line in (*describe(desk, consent), f"Written to {out}"):
            typer.echo(line)
