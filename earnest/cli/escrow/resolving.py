"""A condition's word: building the proof, what it would release, and showing it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from earnest.cli.escrow.desk import Desk, reading, working
from earnest.cli.escrow.dossier import create
from earnest.cli.escrow.options import Acting, Out, Reading
from earnest.cli.escrow.proving import Shown, asked_of, assembled, proof_json, read_proof
from earnest.cli.escrow.saying import ask, tell
from escrow.conditions import Facts, Proof

ProofFile = Annotated[
    Path | None,
    typer.Option("--proof", metavar="FILE", exists=True, dir_okay=False, help="From `condition proof`, instead."),
]


def prove(*, options: Reading, shown: Shown, out: Out) -> None:
    """Build a proof, and say what it would release. Sends nothing."""
    with reading(options) as desk:
        proof = assembled(asked_of(desk), shown)
        create(out, proof_json(proof))
        if options.as_json:
            typer.echo(json.dumps({"file": str(out), "released": desk.token.units(released(desk, proof)).to_json()}))
            return
        for line in (*_lines(desk, proof), f"Written to {out}"):
            typer.echo(line)


def resolve(*, options: Acting, shown: Shown, proof_file: ProofFile = None) -> None:
    """Show the condition its proof, for the payee; anybody may."""
    with working(options) as desk:
        proof = assembled(asked_of(desk), shown) if proof_file is None else read_proof(proof_file)
        ask(desk, "Resolve", _lines(desk, proof), yes=options.yes, quiet=options.as_json)
        tell(desk, "resolve", desk.escrow.resolve(desk.known, proof), as_json=options.as_json)


def released(desk: Desk, proof: Proof) -> int:
    """In all, in base units: by the twin or, where a wallet or another contract has its say, by the chain."""
    amount, payment_id, condition = desk.payment.terms.amount, desk.payment.payment_id, proof.condition
    facts = Facts(chain_id=desk.chain.chain_id, now=desk.chain.now())
    if found := proof.released(payment_id, amount, facts):
        return found
    answer: int = desk.chain.call(
        condition.contract,
        "released",
        payment_id,
        amount,
        condition.data,
        proof.shown,
        at=condition.address,
        as_of="latest",
    )
    return min(answer, amount)


def _lines(desk: Desk, proof: Proof) -> Iterator[str]:
    units, payment = desk.token.units, desk.payment
    found = released(desk, proof)
    yield f"The proof releases {units(found)} of {units(payment.terms.amount)} in all"
    if payment.holding.used:
        gone = payment.terms.amount - payment.holding.held
        yield f"{units(gone)} have left the hold already: {units(max(found - gone, 0))} would go to the payee"
