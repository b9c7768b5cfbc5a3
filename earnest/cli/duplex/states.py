"""What a party signs and hands to the other, as files."""

import json
from pathlib import Path
from typing import Annotated

import typer

from channels import Duplexes, DuplexPromise, SignedCloseTogether, SignedState, SignedWithdrawTogether
from earnest.cli.answer import ask
from earnest.cli.channel.options import Acting
from earnest.cli.duplex.desk import Form, acting, owed, read_channel, read_form
from earnest.cli.duplex.options import AOwes, BOwes, ChannelFile, FormFile, PromiseFiles
from earnest.cli.duplex.saying import meaning
from earnest.cli.escrow.dossier import create, read_json
from earnest.cli.escrow.options import Deadline, Out
from earnest.cli.escrow.when import moment

Version = Annotated[
    int, typer.Option("--version", metavar="NUMBER", min=1, help="Above every one you signed: A odd ones, B even ones.")
]
ToA = Annotated[str, typer.Option("--to-a", metavar="AMOUNT", help="What A takes out.")]
ToB = Annotated[str, typer.Option("--to-b", metavar="AMOUNT", help="What B takes out.")]


def state(
    *,
    channel: ChannelFile,
    options: Acting,
    version: Version,
    out: Out,
    a_owes: AOwes = None,
    b_owes: BOwes = None,
    promises: PromiseFiles = [],  # noqa: B006
) -> None:
    """Propose a state with your signature, as a party: who owes what, and what is promised."""
    known = read_channel(channel)
    listed = [DuplexPromise.from_json(read_json(path)) for path in promises]
    with acting(options) as duplexes:
        debts = owed(duplexes.chain.token(known.token), a_owes, b_owes)
        _give(duplexes, duplexes.propose(known, version, promises=listed, **debts), options, out)


def propose_close(
    *,
    channel: ChannelFile,
    options: Acting,
    out: Out,
    a_owes: AOwes = None,
    b_owes: BOwes = None,
    deadline: Deadline = None,
) -> None:
    """Propose an end of the epoch with your signature; until the deadline it is the other's choice."""
    known = read_channel(channel)
    with acting(options) as duplexes:
        debts = owed(duplexes.chain.token(known.token), a_owes, b_owes)
        ends = _until(duplexes, deadline)
        _give(duplexes, duplexes.propose_close(known, deadline=ends, **debts), options, out)


def propose_withdrawal(
    *,
    channel: ChannelFile,
    options: Acting,
    to_a: ToA,
    to_b: ToB,
    out: Out,
    a_owes: AOwes = None,
    b_owes: BOwes = None,
    deadline: Deadline = None,
) -> None:
    """Propose to take some out and go on with the rest, with your signature."""
    known = read_channel(channel)
    with acting(options) as duplexes:
        token = duplexes.chain.token(known.token)
        debts, ends = owed(token, a_owes, b_owes), _until(duplexes, deadline)
        form = duplexes.propose_withdrawal(known, token(to_a), token(to_b), deadline=ends, **debts)
        _give(duplexes, form, options, out)


def sign(*, file: FormFile, options: Acting, out: Out) -> None:
    """Add your signature to a state, a close or a withdrawal, as the other party."""
    with acting(options) as duplexes:
        form = read_form(file)
        ask(duplexes.signer, meaning(duplexes, form), yes=options.yes, quiet=options.as_json, question="Sign it as")
        create(out, _signed(duplexes, form).to_json())
        typer.echo(json.dumps({"file": str(out)}) if options.as_json else f"Written to {out}")


def _signed(duplexes: Duplexes, form: Form) -> Form:
    match form:
        case SignedState():
            return duplexes.sign_state(form)
        case SignedCloseTogether():
            return duplexes.sign_together(form)
        case SignedWithdrawTogether():
            return duplexes.sign_together(form)


def _give(duplexes: Duplexes, form: Form, options: Acting, out: Path) -> None:
    create(out, form.to_json())
    if options.as_json:
        typer.echo(json.dumps({"file": str(out)}))
        return
    for line in (*meaning(duplexes, form), f"Written to {out}"):
        typer.echo(line)


def _until(duplexes: Duplexes, deadline: str | None) -> int | None:
    return None if deadline is None else moment(deadline, duplexes.chain.now())
