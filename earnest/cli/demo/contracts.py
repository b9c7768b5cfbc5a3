"""Part 1: the contracts are where they are on every chain, and are what was compiled."""

import deploy
from chain import LocalChain
from earnest.cli.demo.teller import Teller


def contracts(teller: Teller, chain: LocalChain) -> None:
    """Finds and verifies them."""
    teller.part("A chain in this process. Contracts at their usual addresses: deployed and verified.")
    found = deploy.plan(chain)
    verified = deploy.verify(chain)
    for row in found.rows:
        teller.say(f"{row.contract:16} {row.address}", so=row.there and verified[row.contract] == row.address)
