"""Branches made by hand: blocks whose logs say which they are."""

from itertools import count

from chain.follower import Branch, Following, Header, Log
from chain.follower.header import FollowedBlock
from chain.keccak import keccak
from chain.units import Seconds, address

SOMEWHERE = address("0x" + "77" * 20)
_SEEDS = count()


def digest(text: str) -> str:
    return "0x" + keccak(text.encode()).hex()


def genesis(number: int = 0) -> Header:
    return Header(number=number, hash=digest(f"genesis {number}"), parent="0x" + "00" * 32, time=Seconds(1000))


def on(parent: Header, logs: int = 1, name: str | None = None) -> FollowedBlock:
    """A block of its own that stands on `parent`."""
    block_hash = digest(name or f"block {next(_SEEDS)}")
    number = parent.number + 1
    header = Header(number=number, hash=block_hash, parent=parent.hash, time=Seconds(1000 + 12 * number))
    return with_logs(header, *range(logs))


def with_logs(header: Header, *indexes: int) -> FollowedBlock:
    return FollowedBlock(header=header, logs=tuple(log_in(header, index) for index in indexes))


def log_in(header: Header, index: int) -> Log:
    return Log(
        address=SOMEWHERE,
        topics=(keccak(b"topic"), keccak(str(index).encode())),
        data=header.hash.encode(),
        transaction=digest(f"{header.hash} {index}"),
        block=header.number,
        block_hash=header.hash,
        index=index,
    )


def grown(parent: Header, length: int, logs: int = 1) -> tuple[FollowedBlock, ...]:
    """So many blocks, each on the one before."""
    blocks: list[FollowedBlock] = []
    for _ in range(length):
        blocks.append(on(blocks[-1].header if blocks else parent, logs))
    return tuple(blocks)


def followed(length: int, logs: int = 1) -> Following:
    """A chain of so many blocks since the final one."""
    return Following(final=genesis(), recent=grown(genesis(), length, logs))


def branch(following: Following, at: int, length: int) -> Branch:
    """Another branch of so many blocks, which leaves ours after the block of height `at`."""
    parent = following.at(at)
    assert parent is not None
    return Branch(blocks=grown(parent, length))
