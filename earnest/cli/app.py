"""The root of the command line."""

import typer

from earnest.cli import chain, channel, deploy, duplex, escrow, evidence, key, tower
from earnest.cli.credits import group as credit_group
from earnest.cli.demo import demo
from earnest.cli.doctor import doctor
from earnest.cli.escrow.spread import command
from earnest.cli.lab import lab
from earnest.cli.outbox import group as outbox_group
from earnest.cli.preflight import preflight
from earnest.cli.recover import group as recover_group
from earnest.cli.worker import worker

app = typer.Typer(
    name="earnest",
    help="Hold money until it is due: escrow and payment channels on EVM chains.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(demo)
app.command()(chain.chain)
app.command()(doctor)
app.command()(lab)
app.command()(worker)
command(app)(preflight)
app.add_typer(deploy.group, name="deploy")
app.add_typer(key.group, name="key")
app.add_typer(escrow.group, name="escrow")
app.add_typer(channel.group, name="channel")
app.add_typer(duplex.group, name="duplex")
app.add_typer(tower.group, name="tower")
app.add_typer(credit_group, name="credits")
app.add_typer(outbox_group, name="outbox")
app.add_typer(evidence.group, name="evidence")
app.add_typer(recover_group, name="recover")
