"""`earnest recover`: what is left after the loss of a store, and the most that can have been lost."""

import typer

from earnest.cli.escrow.spread import command
from earnest.cli.recover import duplex, escrow, payee, payer

group = typer.Typer(
    help="Find what a lost store leaves: from the chain, others' copies and an old backup.", no_args_is_help=True
)
command(group)(payee.payee)
command(group)(payer.payer)
command(group)(duplex.duplex)
command(group)(escrow.escrow)
