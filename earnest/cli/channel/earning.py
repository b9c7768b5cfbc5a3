"""What a payee does: accept vouchers, claim them, end the epoch."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from chain import Money, Signer
from channels import Claims, Lanes, SignedVoucher
from earnest.cli.answer import ask, cost
from earnest.cli.channel.desk import acting, earning, read_channel, read_voucher
from earnest.cli.channel.options import ChannelFile, Earning, Take, VoucherFiles
from earnest.cli.channel.saying import told

VoucherPlace = Annotated[
    str, typer.Argument(metavar="VOUCHER", help="A voucher's file; without it, standard input is read.")
]
VoucherFile = Annotated[
    Path | None,
    typer.Option("--voucher", metavar="FILE", exists=True, dir_okay=False, help="One that the store does not have."),
]
MaybeChannel = Annotated[
    Path | None,
    typer.Argument(metavar="CHANNEL", exists=True, dir_okay=False, help="Only this one; by default, all in the store."),
]


def accept(*, voucher: VoucherPlace = "-", options: Earning) -> None:
    """Keep a voucher, as the payee, if the final deposit covers it."""
    with earning(options) as till:
        credit = till.accept(read_voucher(voucher))
    if options.as_json:
        typer.echo(json.dumps(credit.to_json()))
        return
    typer.echo(f"Accepted: {credit.added} more, {credit.accepted} in all; delivered {credit.delivered}")


def claim(*, channel: MaybeChannel = None, options: Earning, vouchers: VoucherFiles = []) -> None:  # noqa: B006
    """Claim all that is owed by kept vouchers, or by those that are given; anybody may."""
    if vouchers:
        with acting(options) as lanes:
            given = [read_voucher(str(path)) for path in vouchers]
            ask(lanes.signer, _worth(lanes, given), yes=options.yes, quiet=options.as_json)
            _told(lanes.claim_many(given), as_json=options.as_json)
        return
    with earning(options) as till:
        known = None if channel is None else read_channel(channel)
        owed = [till.show(known)] if known else till.lanes()
        lines = [f"Claim {lane.owed} of channel 0x{lane.id.hex()}" for lane in owed if lane.owed]
        ask(till.signer, lines or ["Nothing is owed"], yes=options.yes, quiet=options.as_json)
        _told(till.claim(known), as_json=options.as_json)


def close(*, channel: ChannelFile, options: Earning, take: Take = None, voucher: VoucherFile = None) -> None:
    """End the epoch, as the payee: you take what is yours, the payer gets the rest."""
    known = read_channel(channel)
    if voucher is not None:
        given = read_voucher(str(voucher))
        with acting(options) as lanes:
            taken = lanes.worth(given, as_of="latest") if take is None else lanes.chain.token(known.token)(take)
            _ask_close(options, lanes.signer, taken)
            told("close", lanes.close(known, None if take is None else taken, given), as_json=options.as_json)
        return
    with earning(options) as till:
        taken = till.show(known).accepted if take is None else till.chain.token(known.token)(take)
        _ask_close(options, till.signer, taken)
        told("close", till.close(known, None if take is None else taken), as_json=options.as_json)


def _ask_close(options: Earning, signer: Signer, taken: Money) -> None:
    lines = [f"End the channel: {taken} in all is the payee's, the rest of the deposit the payer's"]
    ask(signer, lines, yes=options.yes, quiet=options.as_json)


def _worth(lanes: Lanes, vouchers: list[SignedVoucher]) -> Iterator[str]:
    for voucher in vouchers:
        lane_id = voucher.channel.id.hex()
        yield f"Claim for channel 0x{lane_id}: worth {lanes.worth(voucher, as_of='latest')} in all"


def _told(claims: Claims, *, as_json: bool) -> None:
    """One transaction or several, each with what it cost."""
    if as_json:
        typer.echo(json.dumps({"verb": "claim", **claims.to_json()}))
        return
    typer.echo("Moved: " + (", ".join(f"{money} to the payee" for money in claims.paid) or "nothing"))
    for skipped in claims.skipped:
        typer.echo(f"Skipped 0x{skipped.lane_id.hex()}: {skipped.why}")
    for receipt in claims.receipts:
        for line in cost(receipt):
            typer.echo(line)
