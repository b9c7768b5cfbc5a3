"""Where a party works on a two-way channel: the chain and its key; and what comes from files."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from chain import Money, Token
from chain.errors import Malformed
from channels import DuplexChannel, Duplexes, SignedCloseTogether, SignedState, SignedWithdrawTogether
from earnest.cli.channel.desk import channel_in
from earnest.cli.escrow.dossier import read_json
from earnest.cli.escrow.options import Keyed
from earnest.cli.options import connected, signer_of

Form = SignedState | SignedCloseTogether | SignedWithdrawTogether


@contextmanager
def acting(options: Keyed) -> Iterator[Duplexes]:
    """Whoever has a key: nothing is kept but the files."""
    signer = signer_of(options.keystore, options.keyring)
    with connected(options.network, options.rpc) as chain:
        yield Duplexes(chain, signer)


def read_channel(path: Path) -> DuplexChannel:
    """From the channel's own file, or from what is signed in it. Raises `InvalidValue`."""
    return DuplexChannel.from_json(channel_in(read_json(path)))


def read_state(path: Path) -> SignedState:
    """Raises `InvalidValue`."""
    return SignedState.from_json(read_json(path))


def read_form(path: Path) -> Form:
    """What both sign, by what it holds. Raises `InvalidValue`."""
    data = read_json(path)
    kinds: dict[str, type[Form]] = {
        "state": SignedState,
        "close": SignedCloseTogether,
        "withdrawal": SignedWithdrawTogether,
    }
    for name, kind in kinds.items():
        if isinstance(data, Mapping) and name in data:
            return kind.from_json(data)
    raise Malformed(str(path), f"it is none of {', '.join(kinds)}")


def owed(token: Token, a_owes: str | None, b_owes: str | None) -> dict[str, Money]:
    """Who owes what, as the client takes it."""
    said = {"a_owes": a_owes, "b_owes": b_owes}
    return {name: token(text) for name, text in said.items() if text is not None}
