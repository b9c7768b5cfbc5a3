"""`earnest escrow`: agreements as files, and every verb that moves what they hold."""

import typer

from earnest.cli.escrow import (
    authorizing,
    conditions,
    consent,
    disputes,
    judging,
    panels,
    resolving,
    showing,
    signing,
    terms,
    verbs,
)
from earnest.cli.escrow.spread import Function, command

group = typer.Typer(help="Hold money until consent, a condition or the clock lets it go.", no_args_is_help=True)
group.add_typer(terms.group, name="terms")
_COMMANDS: tuple[Function, ...] = (
    judging.explain,
    judging.check,
    authorizing.authorize,
    authorizing.authorize_all,
    authorizing.charge,
    verbs.capture,
    verbs.release,
    verbs.void,
    resolving.resolve,
    verbs.refund,
    disputes.dispute,
    disputes.rule,
    verbs.expire,
    verbs.cancel,
    consent.cosign,
    consent.submit,
    consent.settle,
    consent.amend,
    showing.show,
    showing.watch,
)
for _function in _COMMANDS:
    command(group)(_function)
group.add_typer(signing.group, name="sign")
group.add_typer(conditions.group, name="condition")
group.add_typer(panels.group, name="panel")
