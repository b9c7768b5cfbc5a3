"""Two parties of one channel with their keys, what they know, and what passes between them; fixed, so that a failure
can be repeated.
"""

from functools import partial
from typing import Any

from chain.keccak import keccak
from channels.duplex.duplex import Duplex
from channels.duplex.promise import DuplexPromise
from channels.duplex.session import DuplexSession, Known, Memory, Send, Step, receive
from channels.duplex.session.message import signed
from escrow.conditions.facts import Facts
from escrow.conditions.hash_lock import HashLock, hash_lock
from tests.channels.duplex import duplex_forms
from tests.channels.duplex.duplex_forms import CHANNEL, HOME, SIGNERS, form

EPOCH = 3
NOW: Any = 100_000
DUPLEX = Duplex(deposit_a=1_000, deposit_b=1_000, epoch=EPOCH)  # type: ignore[arg-type]
SIGN = {by_a: partial(SIGNERS["keyA" if by_a else "keyB"].sign, HOME) for by_a in (True, False)}


def preimage(number: int) -> bytes:
    return keccak(b"preimage %d" % number)


def lock(number: int) -> HashLock:
    return hash_lock(keccak=keccak(preimage(number)))


def promise(number: int, **changes: Any) -> DuplexPromise:
    """Of A for even numbers, of B for odd ones, for 100 and fifteen minutes, behind a hash lock of its own."""
    members = {"condition": lock(number).address, "data_hash": lock(number).data_hash, "expiry": NOW + 900}
    return duplex_forms.promise(number, **members | changes)


def leaf(number: int, **changes: Any) -> Any:
    return promise(number, **changes).struct_hash()


def known(now: Any = NOW, **more: Any) -> Known:
    """With the locks of the first four promises."""
    members: dict[str, Any] = {"conditions": tuple(map(lock, range(4))), "facts": Facts(chain_id=31_337, now=now)}
    return Known(now=now, **members | more)


def memory(version: int = 0, promises: tuple[DuplexPromise, ...] = (), net: int = 0, **more: Any) -> Memory:
    """Of a newest state that both have signed; version 0 for none."""
    if not version:
        return Memory.start(CHANNEL, EPOCH)
    newest = form("state", promises=promises, version=version, net=net, epoch=EPOCH)
    return Memory(**{"newest": newest, "signed": version} | more)


def party(by_a: bool, at: Memory | None = None, **more: Any) -> DuplexSession:
    """In step, with a thousand from each side on chain."""
    members: dict[str, Any] = {"channel": CHANNEL, "domain": HOME, "memory": at or memory(), "duplex": DUPLEX}
    return DuplexSession(**members | {"by_a": by_a, "in_step": True} | more)


def said(step: Step) -> list[Any]:
    """What is handed over, with the sender's signature."""
    session, effects = step
    return [signed(effect.message, SIGN[session.by_a]) for effect in effects if isinstance(effect, Send)]


def talk(step: Step, other: DuplexSession, knowing: Known | None = None) -> tuple[DuplexSession, DuplexSession]:
    """Both, once every message is answered."""
    sessions, wire = {step[0].by_a: step[0], other.by_a: other}, [(other.by_a, message) for message in said(step)]
    while wire:
        to, message = wire.pop(0)
        answer = receive(sessions[to], message, knowing or known())
        sessions[to] = answer[0]
        wire += [(not to, more) for more in said(answer)]
    return sessions[step[0].by_a], sessions[other.by_a]
