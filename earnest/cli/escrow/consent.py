"""Consents as files: what they mean in money, who has yet to sign, and bringing them to the chain."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from chain.errors import Malformed
from chain.permit2 import Method
from earnest.cli.answer import done
from earnest.cli.escrow import dossier
from earnest.cli.escrow.authorizing import MethodName, require_sound
from earnest.cli.escrow.desk import Desk, working
from earnest.cli.escrow.dossier import Dossier
from earnest.cli.escrow.options import Accept, Acting, ConsentFile, Out
from earnest.cli.escrow.saying import ask, tell
from escrow import Agreement, messages
from escrow.agreement import Part
from escrow.conditions import Condition
from escrow.dates import date
from escrow.phrases import percent
from escrow.signed_consent import SignedConsent

NewTermsFile = Annotated[
    Path | None,
    typer.Option("--to", metavar="FILE", exists=True, dir_okay=False, help="The new agreement, if it has a condition."),
]


def cosign(
    *,
    options: Acting,
    consent: ConsentFile,
    out: Out,
    to: NewTermsFile = None,
    method: MethodName = "allowance",
    accept: Accept = [],  # noqa: B006
) -> None:
    """Add your signature to what another party has proposed."""
    proposed = read_consent(consent)
    with working(options, choose=lambda found: _part_of(found, proposed)) as desk:
        _judge(desk, proposed, to, accept, quiet=options.as_json)
        for line in describe(desk, proposed):
            typer.echo(line, err=options.as_json)
        if not options.yes:
            typer.confirm(f"Sign it as {desk.signer.address}?", abort=True, err=options.as_json)
        signed = paid_in_by(desk, desk.escrow.cosign(_shown(desk, proposed, to), accept=accept), method)
        dossier.create(out, signed.to_json())
        typer.echo(json.dumps({"file": str(out)}) if options.as_json else f"Written to {out}")


def submit(*, options: Acting, consent: ConsentFile, to: NewTermsFile = None, accept: Accept = []) -> None:  # noqa: B006
    """Bring a signed consent to the chain; anybody may."""
    _bring(options, read_consent(consent), to, accept)


def settle(*, options: Acting, consent: ConsentFile) -> None:
    """Bring a settlement: your call is your consent."""
    _bring(options, _of_kind(read_consent(consent), messages.Settle), None, [])


def amend(*, options: Acting, consent: ConsentFile, to: NewTermsFile = None, accept: Accept = []) -> None:  # noqa: B006
    """Bring an amendment: your call is your consent."""
    _bring(options, _of_kind(read_consent(consent), messages.Amend), to, accept)


def read_consent(path: Path) -> SignedConsent:
    """Raises `InvalidValue`."""
    return SignedConsent.from_json(dossier.read_json(path))


def paid_in_by(desk: Desk, consent: SignedConsent, method: str) -> SignedConsent:
    """With the new payer's signature for what it pays in, if it is the signer and no allowance serves."""
    found = Method.from_json(method)
    if found is Method.ALLOWANCE:
        return consent
    if not isinstance(consent.message, messages.Amend) or consent.message.to.payer != desk.signer.address:
        raise typer.BadParameter("--method is for the new payer of an amendment that takes money in")
    return desk.escrow.sign_paid_in(consent, found)


def describe(desk: Desk, consent: SignedConsent) -> Iterator[str]:
    """What it would do, in money, and who has yet to sign."""
    yield _meaning(desk, consent)
    if not isinstance(consent.message, messages.Ruling):
        yield f"It counts before {date(consent.message.deadline)}."
    missing = [party for party in consent.parties if party in consent.missing(desk.signer.address)]
    yield f"Has yet to sign: {', '.join(missing)}" if missing else "Whoever has to sign has signed, or calls."


def _meaning(desk: Desk, consent: SignedConsent) -> str:
    units = desk.token.units
    match consent.message:
        case messages.Release(held_after=level):
            return f"All but {units(level)} of what is held goes to the payee."
        case messages.Void(held_after=level):
            return f"All but {units(level)} of what is held goes back to the payer."
        case messages.Dispute(evidence=evidence):
            return f"The arbiter is asked, with evidence 0x{evidence.hex()}."
        case messages.Ruling(payee_bps=bps):
            return f"The payee gets {percent(bps)} of what is held, the payer the rest."
        case messages.Settle(to_payer=share):
            return f"The payer gets exactly {units(share)} of what is held, the payee the rest."
        case messages.Amend(held=held, paid_in=added, paid_out=returned, to=to):
            sums = f"{units(held)} held, {units(added)} paid in, {units(returned)} paid out"
            return f"{sums}: {units(to.amount)} go on under new terms."


def _bring(options: Acting, consent: SignedConsent, to: Path | None, accept: list[str]) -> None:
    with working(options, choose=lambda found: _part_of(found, consent)) as desk:
        _judge(desk, consent, to, accept, quiet=options.as_json)
        kind = type(consent.message).__name__
        ask(desk, kind, describe(desk, consent), yes=options.yes, quiet=options.as_json)
        after = desk.escrow.submit(_shown(desk, consent, to), accept=accept)
        if not isinstance(consent.message, messages.Amend):
            tell(desk, kind.lower(), after, as_json=options.as_json)
            return
        desk.keep(after, None if to is None else dossier.load(to).part(None).condition)
        facts = {"verb": "amend", "payment": after.to_json()}
        lines = [_meaning(desk, consent), f"It is now payment 0x{after.payment_id.hex()}"]
        done(facts, lines, after.receipt, as_json=options.as_json)


def _judge(desk: Desk, consent: SignedConsent, to: Path | None, accept: list[str], *, quiet: bool) -> None:
    """New terms are explained and checked before a party agrees; who only carries them takes no risk."""
    if not isinstance(consent.message, messages.Amend) or desk.signer.address not in consent.parties:
        return
    new = Part(name=desk.part.name, terms=_shown(desk, consent, to).message.to)  # type: ignore[union-attr]
    require_sound(desk, Agreement((new,)), accept, quiet=quiet)


def _shown(desk: Desk, consent: SignedConsent, to: Path | None) -> SignedConsent:
    """An amendment's new terms with their condition, from the file `to` or as it was: a message has its hash only."""
    if not isinstance(consent.message, messages.Amend):
        return consent
    shown = None if to is None else dossier.load(to).part(None).condition
    known = replace(consent.message.to, known_condition=shown or _kept(desk, consent.message))
    return replace(consent, message=replace(consent.message, to=known))


def _kept(desk: Desk, message: messages.Amend) -> Condition | None:
    kept = desk.part.condition
    return kept if kept is not None and message.to.fixes(kept) else None


def _part_of(found: Dossier, consent: SignedConsent) -> Part:
    """The part that the consent is about."""
    for part in found.agreement.parts:
        if part.terms == consent.payment.terms:
            return part
    raise Malformed("consent", "it is about no part of this agreement")


def _of_kind(consent: SignedConsent, kind: type[object]) -> SignedConsent:
    if not isinstance(consent.message, kind):
        raise Malformed("consent", f"it is a {type(consent.message).__name__}, not a {kind.__name__}")
    return consent
