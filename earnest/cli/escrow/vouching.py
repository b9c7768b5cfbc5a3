"""The words that signers give for a condition: an approval of an amount, an attestation of a share."""

import json
from pathlib import Path
from typing import Annotated

import typer

from chain.keccak import keccak
from earnest.cli.escrow.desk import Desk, working
from earnest.cli.escrow.dossier import create
from earnest.cli.escrow.options import Out, Signing, UpTo
from earnest.cli.escrow.proving import Word, condition_of, leaves
from earnest.cli.escrow.when import split
from escrow import conditions as c
from escrow.conditions.errors import NotASigner
from escrow.dates import date
from escrow.phrases import percent
from escrow.split import share_of

Until = Annotated[
    str | None, typer.Option("--expiry", metavar="TIME", help="Until when it counts; else, as long as the payment.")
]
Share = Annotated[str, typer.Option("--share", metavar="PERCENT", help="To which share it is true.")]
Says = Annotated[str | None, typer.Option("--says", metavar="TEXT", help="The statement, if there are several.")]


def approve(*, options: Signing, out: Out, up_to: UpTo = None, expiry: Until = None) -> None:
    """Sign that so much in all, or everything, may be released."""
    with working(options) as desk:
        found = [leaf for leaf in _asked(desk) if isinstance(leaf, c.Approvals)]
        if not found:
            raise NotASigner(desk.signer.address)
        amount = desk.payment.terms.amount if up_to is None else desk.token(up_to).units
        word = found[0].approve(desk.payment, desk.signer, amount=amount, expiry=desk.time(expiry))
        _give(options, out, word, f"Approved: {desk.token.units(amount)} in all, before {date(word.message.expiry)}")


def attest(*, options: Signing, out: Out, share: Share = "100%", says: Says = None, expiry: Until = None) -> None:
    """Sign that the condition's statement is true, to a share."""
    with working(options) as desk:
        found = [leaf for leaf in _asked(desk) if isinstance(leaf, c.Attestation)]
        if says is not None:
            found = [leaf for leaf in found if leaf.statement == keccak(says.encode())]
        if not found:
            raise NotASigner(desk.signer.address)
        if len({(leaf.statement, leaf.about) for leaf in found}) > 1:
            raise typer.BadParameter("the condition has several statements of yours: say which, with --says")
        bps = share_of(split(share))
        word = found[0].attest(desk.payment, desk.signer, share_bps=bps, expiry=desk.time(expiry))
        statement = f"0x{word.message.statement.hex()}" if says is None else f'"{says}"'
        _give(options, out, word, f"Attested: {statement}, to {percent(bps)}, before {date(word.message.expiry)}")


def _asked(desk: Desk) -> list[c.Approvals | c.Attestation]:
    """The parts of the condition that ask for the signer's word."""
    return [
        leaf
        for leaf in leaves(condition_of(desk))
        if isinstance(leaf, c.Approvals | c.Attestation) and desk.signer.address in leaf.signers
    ]


def _give(options: Signing, out: Path, word: Word, line: str) -> None:
    create(out, word.to_json())
    typer.echo(json.dumps({"file": str(out)}) if options.as_json else f"{line}\nWritten to {out}")
