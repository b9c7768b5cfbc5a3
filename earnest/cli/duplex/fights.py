"""How one party alone ends an epoch."""

from earnest.cli.answer import ask
from earnest.cli.channel.options import Acting
from earnest.cli.duplex.desk import acting, read_channel, read_state
from earnest.cli.duplex.options import ChannelFile, MaybeState, StateFile
from earnest.cli.duplex.saying import meaning, moved, state, told


def challenge(*, channel: ChannelFile, options: Acting, posted: MaybeState = None) -> None:
    """Start the window with your newest state, or without any, as a party."""
    known, newest = read_channel(channel), None if posted is None else read_state(posted)
    with acting(options) as duplexes:
        lines = ["Challenge without a state"] if newest is None else meaning(duplexes, newest)
        ask(duplexes.signer, lines, yes=options.yes, quiet=options.as_json)
        told("challenge", duplexes.challenge(known, newest), [], as_json=options.as_json)


def answer(*, newer: StateFile, options: Acting) -> None:
    """Post a newer state before the window is over; anybody may."""
    known = read_state(newer)
    with acting(options) as duplexes:
        ask(duplexes.signer, meaning(duplexes, known), yes=options.yes, quiet=options.as_json)
        told("answer", duplexes.answer(known), [], as_json=options.as_json)


def pay_out(*, channel: ChannelFile, options: Acting, posted: MaybeState = None) -> None:
    """End the epoch by the newest posted state, once the window is over; its promises come from its file."""
    known, newest = read_channel(channel), None if posted is None else read_state(posted)
    with acting(options) as duplexes:
        epoch = duplexes.show(known, as_of="latest").epoch
        lines = state(duplexes.fight(known, epoch, as_of="latest"))
        ask(duplexes.signer, lines, yes=options.yes, quiet=options.as_json)
        left = duplexes.pay_out(known, () if newest is None else newest.promises)
        told("pay-out", left, moved(left.paid), as_json=options.as_json)
