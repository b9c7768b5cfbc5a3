"""`escrow explain` and `escrow check`: what an agreement means, before anybody signs it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from chain import Seconds, Token
from earnest.cli.escrow import dossier
from earnest.cli.escrow.options import AgreementFile, Json, MaybeOnChain
from earnest.cli.escrow.saying import list_findings
from earnest.cli.options import connected
from escrow import Agreement, Severity


def explain(*, file: AgreementFile, options: MaybeOnChain) -> None:
    """Say who may do what until when, and what silence means."""
    agreement = dossier.load(file).agreement
    with _world(options, agreement) as (token, _):
        typer.echo(agreement.explain(token), nl=False)


def check(*, file: AgreementFile, options: MaybeOnChain, as_json: Json = False) -> None:
    """List risks and who gains from each silence. Exit code 1 if something must not be signed."""
    agreement = dossier.load(file).agreement
    with _world(options, agreement) as (token, now):
        findings = agreement.check(now=now, token=token)
    if as_json:
        typer.echo(json.dumps([finding.to_json() for finding in findings]))
    else:
        list_findings(findings)
    if any(finding.severity is Severity.REFUSE for finding in findings):
        raise typer.Exit(code=1)


@contextmanager
def _world(options: MaybeOnChain, agreement: Agreement) -> Iterator[tuple[Token | None, Seconds | None]]:
    """The token and the chain's time, where a chain is named."""
    if options.network is None:
        yield None, None
        return
    if not options.rpc:
        raise typer.BadParameter("--network needs at least one --rpc")
    with connected(options.network, options.rpc) as chain:
        yield chain.token(agreement.token), chain.now()
