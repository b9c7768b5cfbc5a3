"""`earnest preflight`: what there is to know before money leaves for good."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from earnest.cli.escrow.options import Json, OnChain
from earnest.cli.options import connected

if TYPE_CHECKING:
    from chain.preflight import Finding, Report

Payee = Annotated[str, typer.Argument(metavar="PAYEE", help="Who would be paid.")]
Amount = Annotated[str, typer.Argument(metavar="AMOUNT", help="In whole tokens, as 19.99.")]
TokenName = Annotated[str, typer.Argument(metavar="TOKEN", help="A symbol of the network, or an address.")]
From = Annotated[
    str | None, typer.Option("--from", metavar="ADDRESS", help="Who would pay; else nothing is asked about that.")
]
Known = Annotated[
    list[str], typer.Option("--known", metavar="ADDRESS", help="An address that you trust; may be repeated.")
]
Accepted = Annotated[
    list[str], typer.Option("--accept", metavar="NAME", help="The name of a finding that you take; may be repeated.")
]
NativePrice = Annotated[
    str | None,
    typer.Option(
        "--native-price", metavar="AMOUNT", help="What a whole native coin costs in the token, to judge the fee."
    ),
]
Since = Annotated[
    int | None,
    typer.Option("--since", metavar="BLOCK", min=0, help="Look for earlier payments to the payee from this block on."),
]


def preflight(
    *,
    payee: Payee,
    amount: Amount,
    token: TokenName,
    options: OnChain,
    payer: From = None,
    known: Known = [],  # noqa: B006
    accept: Accepted = [],  # noqa: B006
    native_price: NativePrice = None,
    since: Since = None,
    as_json: Json = False,
) -> None:
    """Look before you pay: addresses, payee, token, means and fee. Exit code 1 if it is refused."""
    from chain.sync.preflight import Preflight
    from earnest.cli.escrow.desk import native_or_token
    from escrow.sync.dealings import Dealings

    with connected(options.network, options.rpc) as chain:
        found = native_or_token(chain, token)
        money, price = found(amount), None if native_price is None else found(native_price)
        history = None if since is None else Dealings(chain, since=since)
        checks = Preflight(chain, known=known, history=history)
        report = checks.check(payer, payee, money, native_price=price)
    refused = report.blocking(accept)
    if as_json:
        typer.echo(json.dumps(report.to_json() | {"refused": [each.name for each in refused]}))
    else:
        typer.echo("\n".join(_lines(report, refused)))
    raise typer.Exit(code=1 if refused else 0)


def _lines(report: "Report", refused: "tuple[Finding, ...]") -> Iterator[str]:
    payment = report.payment
    yield f"{payment.money} to {payment.payee}"
    width = max((len(each.name) for each in report.findings), default=0)
    for each in report.findings:
        yield f"  {each.weight:6}{each.name:{width}}  {each.says}"
    names = ", ".join(each.name for each in refused)
    yield f"Refused: {names}" if refused else "Nothing refuses it"
