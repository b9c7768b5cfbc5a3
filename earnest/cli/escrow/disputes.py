"""Asking the arbiter, and its answer."""

from pathlib import Path
from typing import Annotated

import typer

from chain import Hash32, Money
from chain.member import unhex
from chain.units import hash32
from earnest.cli.escrow.desk import Desk
from earnest.cli.escrow.options import Acting
from earnest.cli.escrow.verbs import act
from earnest.cli.escrow.when import split
from escrow import PayeeShare, actions
from escrow.levels import payee_bps
from escrow.split import share_of

Evidence = Annotated[
    list[Path],
    typer.Option("--evidence", metavar="FILE", exists=True, dir_okay=False, help="A file to show the arbiter."),
]
EvidenceHash = Annotated[
    str | None, typer.Option("--evidence-hash", metavar="HASH", help="Instead of files: a journal's head, say.")
]
ToPayee = Annotated[
    str,
    typer.Option("--to-payee", metavar="AMOUNT", help="What the payee gets of the hold: an amount or a share, as 25%."),
]


def dispute(*, options: Acting, evidence: Evidence = [], evidence_hash: EvidenceHash = None) -> None:  # noqa: B006
    """Ask the arbiter, as a party that may."""
    shown = shown_hash(evidence, evidence_hash)
    act(
        options,
        "dispute",
        lambda desk: actions.Dispute(caller=desk.signer.address, evidence=shown),
        lambda desk: desk.escrow.dispute(desk.known, shown),
    )


def rule(*, options: Acting, to_payee: ToPayee) -> None:
    """Split what is held, as the arbiter."""
    act(
        options,
        "rule",
        lambda desk: actions.Rule(
            caller=desk.signer.address, payee_bps=payee_bps(desk.payment, payee_part(desk, to_payee))
        ),
        lambda desk: desk.escrow.rule(desk.known, payee_part(desk, to_payee)),
    )


def shown_hash(evidence: list[Path], evidence_hash: str | None) -> Hash32:
    """Of the files, or as it is given; the zero hash for nothing. Raises `Malformed`, `WrongLength`."""
    from escrow import Evidence as Shown
    from escrow.sync.verbs import hash_of

    if evidence and evidence_hash:
        raise typer.BadParameter("give --evidence or --evidence-hash, not both")
    if evidence_hash:
        return hash32("evidence", unhex("evidence", evidence_hash))
    return hash_of(Shown.files(*evidence) if evidence else None)


def payee_part(desk: Desk, text: str) -> Money | PayeeShare:
    """An amount of the token, or a share of what is held."""
    if text.endswith("%"):
        return PayeeShare(bps=share_of(split(text)))
    return desk.token(text)
