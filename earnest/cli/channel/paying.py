"""What a payer does: open, pay, and ask for the end."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from channels import WalletLane
from earnest.cli.answer import ask
from earnest.cli.channel.desk import paying, read_channel
from earnest.cli.channel.options import (
    Amount,
    ChannelFile,
    ClosingPeriod,
    Paying,
    PromiseWindow,
    Salt,
    TokenName,
)
from earnest.cli.channel.saying import told
from earnest.cli.escrow.desk import native_or_token
from earnest.cli.escrow.dossier import create
from earnest.cli.escrow.options import Accept, Out, new_file
from earnest.cli.escrow.when import length

Into = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", callback=new_file, help="Where to write it; else it is printed.")
]


def open_(
    *,
    options: Paying,
    payee: Annotated[str, typer.Option(metavar="ADDRESS", help="Who is paid.")],
    deposit: Annotated[str, typer.Option(metavar="AMOUNT", help="In whole tokens, as 10.")],
    token: TokenName,
    closing_period: ClosingPeriod,
    out: Out,
    promise_window: PromiseWindow = None,
    salt: Salt = 0,
    accept: Accept = [],  # noqa: B006
) -> None:
    """Put a deposit in, as the payer, and write the channel's file."""
    period, promised = length(closing_period), None if promise_window is None else length(promise_window)
    with paying(options) as wallet:
        money = native_or_token(wallet.chain, token)(deposit)
        ask(wallet.signer, [f"Open a channel to {payee}: deposit {money}"], yes=options.yes, quiet=options.as_json)
        opened = wallet.open(payee, money, period, promise_window=promised, salt=salt, accept=accept)
        create(out, opened.channel.to_json())
        told("open", opened, [f"Moved: {money} paid in", f"Written to {out}"], as_json=options.as_json)


def top_up(*, channel: ChannelFile, amount: Amount, options: Paying) -> None:
    """Add to the deposit, as the payer."""
    with paying(options) as wallet:
        known = read_channel(channel)
        money = wallet.chain.token(known.token)(amount)
        ask(wallet.signer, [f"Add {money} to the deposit"], yes=options.yes, quiet=options.as_json)
        told("top-up", wallet.top_up(known, money), [f"Moved: {money} paid in"], as_json=options.as_json)


def pay(*, channel: ChannelFile, amount: Amount, options: Paying, out: Into = None) -> None:
    """Sign a voucher for so much more, as the payer; the chain is not asked."""
    with paying(options) as wallet:
        known = read_channel(channel)
        money = wallet.chain.token(known.token)(amount)
        ask(wallet.signer, [f"Pay {money} to {known.payee}"], yes=options.yes, quiet=True, question="Sign it as")
        voucher = wallet.pay(known, money)
    if out is None:
        typer.echo(json.dumps(voucher.to_json()))
        return
    create(out, voucher.to_json())
    typer.echo(json.dumps({"file": str(out)}) if options.as_json else f"Written to {out}")


def request_close(*, channel: ChannelFile, options: Paying) -> None:
    """Start the window in which the payee must claim, as the payer."""
    with paying(options) as wallet:
        known = read_channel(channel)
        lines = [f"The payee has {timedelta(seconds=known.window)} to claim; then the rest can be withdrawn"]
        ask(wallet.signer, lines, yes=options.yes, quiet=options.as_json)
        _told("request-close", wallet.request_close(known), options)


def cancel_close(*, channel: ChannelFile, options: Paying) -> None:
    """Take the request back, as the payer."""
    with paying(options) as wallet:
        known = read_channel(channel)
        ask(wallet.signer, ["The channel goes on"], yes=options.yes, quiet=options.as_json)
        _told("cancel-close", wallet.cancel_close(known), options)


def _told(verb: str, lane: WalletLane, options: Paying) -> None:
    told(verb, lane, ["Moved: nothing"], as_json=options.as_json)
