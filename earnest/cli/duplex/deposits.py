"""How a two-way channel begins: its file, and each party's deposit."""

from typing import Annotated

import typer

from chain.units import Seconds, address
from channels import DuplexChannel
from earnest.cli.answer import ask
from earnest.cli.channel.options import Acting, Amount, ClosingPeriod, PromiseWindow, Salt, TokenName
from earnest.cli.duplex.desk import acting, read_channel
from earnest.cli.duplex.options import ChannelFile
from earnest.cli.duplex.saying import told
from earnest.cli.escrow.desk import native_or_token
from earnest.cli.escrow.dossier import create
from earnest.cli.escrow.options import Accept, OnChain, Out
from earnest.cli.escrow.when import length
from earnest.cli.options import connected

PartyA = Annotated[str, typer.Option("--party-a", metavar="ADDRESS", help="One party.")]
PartyB = Annotated[str, typer.Option("--party-b", metavar="ADDRESS", help="The other.")]
SignerA = Annotated[str | None, typer.Option("--signer-a", metavar="ADDRESS", help="A's key, if another signs for it.")]
SignerB = Annotated[str | None, typer.Option("--signer-b", metavar="ADDRESS", help="B's key, if another signs for it.")]


def new(
    *,
    options: OnChain,
    party_a: PartyA,
    party_b: PartyB,
    token: TokenName,
    closing_period: ClosingPeriod,
    out: Out,
    signer_a: SignerA = None,
    signer_b: SignerB = None,
    promise_window: PromiseWindow = None,
    salt: Salt = 0,
) -> None:
    """Write a channel's file, which both parties need. Sends nothing."""
    with connected(options.network, options.rpc) as chain:
        found = native_or_token(chain, token)
    channel = DuplexChannel(
        party_a=address(party_a),
        party_b=address(party_b),
        token=found.address,
        signer_a=address(signer_a or party_a),
        signer_b=address(signer_b or party_b),
        window=_seconds(closing_period),
        promise_window=_seconds(promise_window or closing_period),
        salt=salt,
    )
    create(out, channel.to_json())
    typer.echo(f"Channel 0x{channel.id.hex()}\nWritten to {out}")


def deposit(*, channel: ChannelFile, amount: Amount, options: Acting, accept: Accept = []) -> None:  # noqa: B006
    """Put in, or add, your own deposit, as a party."""
    known = read_channel(channel)
    with acting(options) as duplexes:
        money = duplexes.chain.token(known.token)(amount)
        ask(duplexes.signer, [f"Deposit {money}"], yes=options.yes, quiet=options.as_json)
        left = duplexes.deposit(known, money, accept=accept)
        told("deposit", left, [f"Moved: {money} paid in"], as_json=options.as_json)


def _seconds(text: str) -> Seconds:
    return Seconds(int(length(text).total_seconds()))
