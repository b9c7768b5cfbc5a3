"""`earnest duplex`: both deposit, both sign each state, the newest of which decides."""

import typer

from earnest.cli.duplex import deposits, ends, fights, promises, showing, states
from earnest.cli.escrow.spread import Function, command

group = typer.Typer(help="Pay both ways through one channel: states that both sign.", no_args_is_help=True)
_COMMANDS: tuple[Function, ...] = (
    deposits.new,
    deposits.deposit,
    promises.promise,
    states.state,
    states.propose_close,
    states.propose_withdrawal,
    states.sign,
    fights.challenge,
    fights.answer,
    fights.pay_out,
    ends.close,
    ends.withdraw,
    promises.record,
    promises.collect,
    promises.sweep,
    showing.show,
)
for _function in _COMMANDS:
    command(group, _function.__name__.replace("_", "-"))(_function)
