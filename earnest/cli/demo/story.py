"""The parts in their order."""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from chain import Chain
from earnest.cli.demo.books import books
from earnest.cli.demo.conditional import conditional
from earnest.cli.demo.contracts import contracts
from earnest.cli.demo.lane import lane
from earnest.cli.demo.purchase import purchase
from earnest.cli.demo.stage import Stage
from earnest.cli.demo.teller import Teller


def tell(payments: int) -> int:
    """All of it, and the exit code: 1 if anything that it says is not so."""
    teller = Teller(Console())
    with TemporaryDirectory(prefix="earnest-") as folder, Chain.local() as chain:
        contracts(teller, chain)
        with closing(Stage(chain, teller, Path(folder))) as stage:
            plain = purchase(stage)
            conditional(stage)
            lane(stage, payments, plain)
            books(stage)
    return teller.end()
