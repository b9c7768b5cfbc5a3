"""A follower of a local chain, with the test USDC among its contracts, so that there is much to follow."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from chain import Chain, Event, LocalChain, Signer
from chain.contracts import TEST_TOKEN, address_of, by_address
from chain.finality import Finality
from chain.follower.undone import Undone
from chain.receipt import events_of
from chain.stores.followed import Level
from chain.sync.follower import Follower

CONTRACTS = by_address() | {address_of(TEST_TOKEN): TEST_TOKEN}
DEEP = 4
MINTER = Signer.generate()


def seen(chain: LocalChain, finality: Finality | None = None) -> Chain:
    """The chain under a policy; by default four blocks deep is final."""
    network = replace(chain.network, final=finality or Finality.confirmations(DEEP))
    return Chain(network, chain._node, patience=10)


def followed(chain: LocalChain | Chain, path: Path, **options: Any) -> Follower:
    view = seen(chain) if isinstance(chain, LocalChain) else chain
    return Follower(view, path / "follower.db", **{"contracts": CONTRACTS, **options})


def mint(chain: LocalChain, *amounts: int) -> list[Event]:
    """One block for each amount, with one event."""
    return [chain.send(MINTER, TEST_TOKEN, "mint", MINTER.address, amount).event("Transfer") for amount in amounts]


def branch_off(chain: LocalChain) -> Callable[..., list[Event]]:
    """Returns how to replace all that follows by other blocks, with these amounts; nonces begin again, too."""
    before = chain.snapshot()

    def replaced(*amounts: int, later: int = 1) -> list[Event]:
        chain.restore(before)
        chain.travel(to=chain.after(seconds=later))  # Else the same transactions would make the same blocks.
        return mint(chain, *amounts)

    return replaced


def told(follower: Follower, level: Level = "latest", cursor: str | None = None) -> list[int]:
    """Amounts minted, an undone one as a negative number."""
    return [amount_of(item) for item in follower.events(cursor, level)]


def amount_of(item: Event | Undone) -> int:
    return -amount_of(item.event) if isinstance(item, Undone) else int(item.args["value"])


def scan(chain: LocalChain | Chain, last: int, first: int = 0) -> list[Event]:
    """What a reader finds who has never followed: the logs of these blocks, by number."""
    wanted = {"address": sorted(CONTRACTS), "fromBlock": first, "toBlock": last}
    found = events_of(chain._node.logs(wanted), CONTRACTS) if first <= last else ()
    return sorted(found, key=lambda event: (event.block, event.log_index))


def book(follower: Follower, level: Level = "latest") -> list[Event]:
    """What was told, minus what was undone."""
    kept: list[Event] = []
    for item in follower.events(level=level):
        if isinstance(item, Undone):
            assert kept.pop() == item.event
        else:
            kept.append(item)
    return kept
