"""Bringing to the chain what both have signed."""

from chain.errors import Malformed
from channels import SignedCloseTogether, SignedWithdrawTogether
from earnest.cli.answer import ask
from earnest.cli.channel.options import Acting
from earnest.cli.duplex.desk import acting, read_form
from earnest.cli.duplex.options import FormFile
from earnest.cli.duplex.saying import meaning, moved, told


def close(*, file: FormFile, options: Acting) -> None:
    """End the epoch by what both have signed; your own call is your consent."""
    form = read_form(file)
    if not isinstance(form, SignedCloseTogether):
        raise Malformed(str(file), "it is no close")
    with acting(options) as duplexes:
        ask(duplexes.signer, meaning(duplexes, form), yes=options.yes, quiet=options.as_json)
        left = duplexes.close_together(form)
        told("close", left, moved(left.paid), as_json=options.as_json)


def withdraw(*, file: FormFile, options: Acting) -> None:
    """Take out what both have signed; your own call is your consent."""
    form = read_form(file)
    if not isinstance(form, SignedWithdrawTogether):
        raise Malformed(str(file), "it is no withdrawal")
    with acting(options) as duplexes:
        ask(duplexes.signer, meaning(duplexes, form), yes=options.yes, quiet=options.as_json)
        left = duplexes.withdraw_together(form)
        told("withdraw", left, moved(left.paid), as_json=options.as_json)
