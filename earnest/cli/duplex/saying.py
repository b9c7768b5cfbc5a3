"""A two-way channel, and what is signed in it, in words."""

from collections.abc import Iterable, Iterator

from chain import Token
from channels import ChainDuplex, ChainDuplexReserve, ChainFight, Duplexes, Shares, SignedCloseTogether, SignedState
from earnest.cli.answer import done
from earnest.cli.channel.saying import plain
from earnest.cli.duplex.desk import Form
from escrow.dates import date

Shown = ChainDuplex | ChainFight | ChainDuplexReserve


def told(verb: str, shown: Shown, lines: Iterable[str], *, as_json: bool) -> None:
    """What has moved, what it cost, and what the chain has then."""
    done({"verb": verb, "left": plain(shown)}, [*lines, *state(shown)], shown.receipt, as_json=as_json)


def moved(paid: Shares | None) -> list[str]:
    """What a step has paid out."""
    return [] if paid is None else [f"Moved: {paid.to_a} to A; {paid.to_b} to B"]


def state(shown: Shown) -> Iterator[str]:
    """For people."""
    yield f"Channel 0x{shown.channel.id.hex()}, epoch {shown.epoch}"
    match shown:
        case ChainDuplex():
            yield f"Deposits: {shown.deposit_a} of A, {shown.deposit_b} of B"
        case ChainFight():
            owed = debt(shown.a_owes.token, shown.a_owes.units - shown.b_owes.units)
            yield f"Posted: version {shown.version}, {owed}"
            yield f"Answers count before {date(shown.deadline)}"
        case ChainDuplexReserve():
            yield f"Kept for promises: {shown.from_a} of A's share, {shown.from_b} of B's"
            if shown.until:
                yield f"They can be collected before {date(shown.until)}"


def debt(token: Token, net: int) -> str:
    """Who owes whom."""
    if not net:
        return "nobody owes"
    return f"A owes B {token.units(net)}" if net > 0 else f"B owes A {token.units(-net)}"


def meaning(duplexes: Duplexes, form: Form) -> Iterator[str]:
    """What signing it, or bringing it, would do, in money, and whose signature is missing."""
    token, message = duplexes.chain.token(form.channel.token), form.message
    match form:
        case SignedState():
            yield f"State, version {form.message.version}: {debt(token, message.net)}"
            for promise in form.promises:
                who = "A" if promise.from_a else "B"
                yield f"  {who} promises {token.units(promise.amount)} until {date(promise.expiry)}"
        case SignedCloseTogether():
            yield f"End of epoch {message.epoch}: {debt(token, message.net)}"
            yield f"It counts before {date(form.message.deadline)}"
        case _:
            out = f"{token.units(form.message.to_a)} to A, {token.units(form.message.to_b)} to B"
            yield f"Withdrawal from epoch {message.epoch}: {debt(token, message.net)}; out go {out}"
            yield f"It counts before {date(form.message.deadline)}"
    missing = form.missing(duplexes.signer.address)
    yield f"Has yet to sign: {', '.join(missing)}" if missing else "Whoever has to sign has signed, or calls."
