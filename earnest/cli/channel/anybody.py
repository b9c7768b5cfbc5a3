"""What anybody does for the parties: withdraw after the window, prove promises, sweep what they have left."""

from channels import Promise
from earnest.cli.answer import ask, done
from earnest.cli.channel.desk import acting, read_channel
from earnest.cli.channel.options import Acting, ChannelFile, ConditionFile, Epoch, PromiseFile
from earnest.cli.channel.proving import Promised, prove
from earnest.cli.channel.saying import plain, told
from earnest.cli.escrow.dossier import read_json
from earnest.cli.escrow.proving import Shown


def withdraw(*, channel: ChannelFile, options: Acting) -> None:
    """Give the payer what is neither settled nor reserved, once the window is over."""
    with acting(options) as lanes:
        known = read_channel(channel)
        shown = lanes.show(known, as_of="latest")
        lines = [f"Deposit: {shown.deposit}; settled: {shown.settled}; what is not reserved goes to {known.payer}"]
        ask(lanes.signer, lines, yes=options.yes, quiet=options.as_json)
        told("withdraw", lanes.withdraw(known), as_json=options.as_json)


def record(
    *,
    channel: ChannelFile,
    options: Acting,
    epoch: Epoch,
    promise: PromiseFile,
    condition: ConditionFile,
    shown: Shown,
) -> None:
    """Prove a promise on chain, before it expires."""
    with acting(options) as lanes:
        known, said = read_channel(channel), Promise.from_json(read_json(promise))
        promised = Promised(client=lanes, channel=known, epoch=epoch, promise=said)
        prove(
            promised,
            condition,
            shown,
            options,
            lambda proof: lanes.record(known, epoch, said, proof.condition, proof.shown),
        )


def sweep(*, channel: ChannelFile, options: Acting, epoch: Epoch) -> None:
    """Give the payer what promises have left of an epoch's reserve, once it is over."""
    with acting(options) as lanes:
        known = read_channel(channel)
        kept = lanes.reserve(known, epoch, as_of="latest")
        ask(lanes.signer, [f"{kept.left} goes to {known.payer}"], yes=options.yes, quiet=options.as_json)
        swept = lanes.sweep(known, epoch)
        facts = {"verb": "sweep", "reserve": plain(swept)}
        done(facts, [f"Moved: {swept.left} to the payer"], swept.receipt, as_json=options.as_json)
