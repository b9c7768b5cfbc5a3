"""Where a party works on its channels: the chain, its key and its store, all open; and what comes from files."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import typer

from channels import Channel, Lanes, Payee, Payer, SignedVoucher
from earnest.cli.channel.options import Earning, Paying
from earnest.cli.escrow.dossier import read_json
from earnest.cli.escrow.options import Keyed
from earnest.cli.options import connected, signer_of


@contextmanager
def paying(options: Paying) -> Iterator[Payer]:
    """As the payer."""
    signer = signer_of(options.keystore, options.keyring)
    with connected(options.network, options.rpc) as chain, Payer(chain, signer, options.store) as wallet:
        yield wallet


@contextmanager
def earning(options: Earning) -> Iterator[Payee]:
    """As the payee."""
    signer = signer_of(options.keystore, options.keyring)
    with connected(options.network, options.rpc) as chain, Payee(chain, signer, options.store) as till:
        yield till


@contextmanager
def acting(options: Keyed) -> Iterator[Lanes]:
    """As anybody with a key: nothing is kept."""
    signer = signer_of(options.keystore, options.keyring)
    with connected(options.network, options.rpc) as chain:
        yield Lanes(chain, signer)


def read_channel(path: Path) -> Channel:
    """From the channel's own file, or from what is signed in it. Raises `InvalidValue`."""
    return Channel.from_json(channel_in(read_json(path)))


def channel_in(data: object) -> object:
    """The descriptor, alone or as a member."""
    return data["channel"] if isinstance(data, Mapping) and "channel" in data else data


def read_voucher(place: str) -> SignedVoucher:
    """From a file, or from standard input where that is `-`. Raises `InvalidValue`."""
    if place == "-":
        return SignedVoucher.from_json(sys.stdin.read())
    path = Path(place)
    if not path.is_file():
        raise typer.BadParameter(f"there is no file {place}")
    return SignedVoucher.from_json(read_json(path))
