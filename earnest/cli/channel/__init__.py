"""`earnest channel`: one deposit on chain, any number of payments off it."""

import typer

from earnest.cli.channel import anybody, earning, paying, showing
from earnest.cli.escrow.spread import Function, command

group = typer.Typer(help="Pay through a one-way channel: one deposit, any number of vouchers.", no_args_is_help=True)
_COMMANDS: tuple[Function, ...] = (
    paying.open_,
    paying.top_up,
    paying.pay,
    earning.accept,
    earning.claim,
    earning.close,
    paying.request_close,
    paying.cancel_close,
    anybody.withdraw,
    anybody.record,
    anybody.sweep,
    showing.show,
)
for _function in _COMMANDS:
    command(group, _function.__name__.strip("_").replace("_", "-"))(_function)
