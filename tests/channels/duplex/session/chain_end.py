"""What the contract's twin pays in the end, if everybody does what suits it best."""

from collections.abc import Callable, Iterable
from typing import Any

from chain.units import Address, Seconds
from channels.duplex import actions
from channels.duplex.ledger import DuplexLedger
from channels.duplex.machine import transition
from channels.duplex.promise import DuplexPromise
from channels.duplex.signed_state import SignedState
from channels.effects import Pay
from tests.channels.duplex.duplex_forms import CHANNEL, PEOPLE

BOTH = {"signer_a": CHANNEL.signer_a, "signer_b": CHANNEL.signer_b}


class Chain:
    """The ledger, and what it has paid to whom."""

    def __init__(self, ledger: DuplexLedger) -> None:
        self.ledger = ledger
        self.paid: dict[Address, int] = {PEOPLE["a"]: 0, PEOPLE["b"]: 0}

    def do(self, action: Any, now: Seconds) -> None:
        self.ledger, effects = transition(self.ledger, action, now)
        for effect in effects:
            if isinstance(effect, Pay):
                self.paid[effect.to] += effect.amount

    def record(self, promise: DuplexPromise, released: Any, now: Seconds) -> None:
        epoch = self.ledger.duplex.epoch
        self.do(actions.Record(epoch=epoch, promise=promise, data_hash=promise.data_hash, released=released), now)

    def recorded(self, promise: DuplexPromise) -> int:
        return self.ledger.released(self.ledger.subject(self.ledger.duplex.epoch, promise))


def fought(
    chain: Chain, posted: SignedState, newest: SignedState, provable: Callable[[DuplexPromise], bool], now: Seconds
) -> tuple[int, int]:
    """What A and B have in the end, if one posts a state, and the other answers with its newest where that is newer.

    All that can be proven is recorded, by whoever gains.
    """
    end = Chain(chain.ledger)
    epoch, window = end.ledger.duplex.epoch, CHANNEL.window
    first, *answers = [posted] + [newest] * (newest.message.version > posted.message.version)
    for promise in _open({*posted.promises, *newest.promises}, now):
        if provable(promise) and not end.recorded(promise):
            end.record(promise, promise.amount, now)
    end.do(actions.Challenge(caller=PEOPLE["a"], state=first.message, **BOTH), now)
    for answer in answers:
        end.do(actions.Answer(caller=PEOPLE["b"], state=answer.message, **BOTH), now)
    last, after = (answers or [first])[-1], Seconds(now + window)
    end.do(actions.PayOut(promises=last.listed), after)
    _collected(end, last, epoch, after)
    return end.paid[PEOPLE["a"]], end.paid[PEOPLE["b"]]


def _collected(end: Chain, last: SignedState, epoch: int, now: Seconds) -> None:
    reserve = end.ledger.reserves.get(epoch)
    if reserve is None:
        return
    if any(end.ledger.recorded(epoch, last.leaves)):
        end.do(actions.Collect(epoch=epoch, promises=last.listed, leaves=last.leaves), now)
    end.do(actions.Sweep(epoch=epoch), reserve.until)


def _open(promises: Iterable[DuplexPromise], now: Seconds) -> list[DuplexPromise]:
    return [promise for promise in promises if now < promise.expiry]
