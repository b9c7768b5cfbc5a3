"""How a payment begins: by the payer's call, or by what the payer has signed."""

import json
from pathlib import Path
from typing import Annotated

import typer

from chain.permit2 import Method
from earnest.cli.answer import done
from earnest.cli.escrow import dossier
from earnest.cli.escrow.desk import Desk, working
from earnest.cli.escrow.dossier import Dossier
from earnest.cli.escrow.options import Accept, Acting, ConsentFile, Out, Signing
from earnest.cli.escrow.saying import ask, foreseen, list_findings, tell
from earnest.cli.escrow.verbs import act
from escrow import Agreement, actions
from escrow.agreement import Part
from escrow.authorization import SignedAuthorization

Signed = Annotated[
    Path | None,
    typer.Option(
        "--signed", metavar="FILE", exists=True, dir_okay=False, help="What the payer has signed: anybody may bring it."
    ),
]
MethodName = Annotated[
    str, typer.Option("--method", metavar="METHOD", help="erc3009, permit2, or allowance for one that is given.")
]


def authorize(*, options: Acting, signed: Signed = None, accept: Accept = []) -> None:  # noqa: B006
    """Put the money in: as the payer, or with what it has signed."""
    if signed is not None:
        brought = read_authorization(signed)
        act(
            options,
            "authorize",
            lambda desk: actions.AuthorizeBySig(
                caller=desk.signer.address,
                wallets=desk.wallets(desk.part.terms.payer),
                method=brought.method,
                authorization=brought.authorization,
            ),
            lambda desk: desk.escrow.authorize(_about(desk, brought)),
        )
        return
    with working(options) as desk:
        native = desk.token.is_native
        value = desk.part.terms.amount if native else 0
        lines = foreseen(desk, actions.Authorize(caller=desk.signer.address, value=value))
        require_sound(desk, Agreement((desk.part,)), accept, quiet=options.as_json)
        ask(desk, "Authorize", lines, yes=options.yes, quiet=options.as_json)
        tell(desk, "authorize", desk.escrow.authorize(desk.part.terms, accept=accept), as_json=options.as_json)


def authorize_all(*, options: Acting, accept: Accept = []) -> None:  # noqa: B006
    """Put the money in for all parts that you pay for, at once."""
    with working(options, choose=lambda found: found.agreement.parts[0]) as desk:
        mine = _paid_by(desk)
        require_sound(desk, Agreement(mine), accept, quiet=options.as_json)
        total = desk.token.units(sum(part.terms.amount for part in mine))
        lines = [f"  {desk.token.units(part.terms.amount)} for {part.name}" for part in mine]
        ask(desk, f"Authorize {total} in all", lines, yes=options.yes, quiet=options.as_json)
        payments = desk.escrow.authorize_many([part.terms for part in mine], accept=accept)
        found = desk.dossier
        for part, payment in zip(mine, payments, strict=True):
            found = found.seen(part.name, payment, part.condition)
        dossier.save(desk.path, found)
        facts = {"verb": "authorize-all", "payments": [payment.to_json() for payment in payments]}
        done(facts, [f"Moved: {total} paid in by the payer"], payments[0].receipt, as_json=options.as_json)


def charge(*, options: Acting, signed: ConsentFile) -> None:
    """Fund by the payer's signature and capture, as the operator."""
    brought = read_authorization(signed)
    act(
        options,
        "charge",
        lambda desk: actions.Charge(
            caller=desk.signer.address,
            wallets=desk.wallets(desk.part.terms.payer),
            method=brought.method,
            authorization=brought.authorization,
        ),
        lambda desk: desk.escrow.charge(_about(desk, brought)),
    )


def sign_authorize(*, options: Signing, out: Out, method: MethodName = "erc3009", accept: Accept = []) -> None:  # noqa: B006
    """Sign, as the payer, that anybody may fund the payment."""
    with working(options) as desk:
        require_sound(desk, Agreement((desk.part,)), accept, quiet=options.as_json)
        signed = desk.escrow.sign_authorization(desk.part.terms, Method.from_json(method), accept=accept)
        dossier.create(out, signed.to_json())
        facts = {"file": str(out), "payment": "0x" + signed.payment_id.hex()}
        amount = desk.token.units(signed.terms.amount)
        typer.echo(json.dumps(facts) if options.as_json else f"Signed for {amount}; written to {out}")


def require_sound(desk: Desk, agreement: Agreement, accept: list[str], *, quiet: bool) -> None:
    """Explains it in money, lists what there is to know, and raises `Unsound` for a risk that is not accepted."""
    now = desk.chain.now()
    typer.echo(agreement.explain(desk.token), nl=False, err=quiet)
    list_findings(agreement.check(now=now, token=desk.token), quiet=quiet)
    agreement.require_sound(accept=accept, now=now, token=desk.token)


def read_authorization(path: Path) -> SignedAuthorization:
    """Raises `InvalidValue`."""
    return SignedAuthorization.from_json(dossier.read_json(path))


def _about(desk: Desk, signed: SignedAuthorization) -> SignedAuthorization:
    if signed.terms != desk.part.terms:
        raise typer.BadParameter(f"that is signed for another payment than {desk.part.name} of {desk.path}")
    return signed


def _paid_by(desk: Desk) -> tuple[Part, ...]:
    found: Dossier = desk.dossier
    mine = tuple(part for part in found.agreement.parts if part.terms.payer == desk.signer.address)
    if not mine:
        raise typer.BadParameter(f"{desk.signer.address} pays for no part of {desk.path}")
    return mine
