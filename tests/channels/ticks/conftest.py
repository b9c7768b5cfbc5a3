from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chain.keccak import keccak
from chain.signer import Signer
from chain.signing import Signed
from chain.typed_data import Domain
from chain.units import NO_HASH, Amount, Hash32, Seconds
from channels import Channel, Promise, SignedVoucher, Voucher
from channels.promise import promises_hash
from channels.proven import Proven
from channels.ticks import Fold, Meter, Stretch, TickChain, TickPayer, Ticks, TicksOpening
from escrow.conditions import Facts, HashChain, Proof

SEED = keccak(b"seed")
EACH, COUNT = 10, 3_000
NOW, EXPIRY, MARGIN = Seconds(1_000), Seconds(9_000), Seconds(600)
UNTIL = Seconds(EXPIRY - MARGIN)
FACTS = Facts(chain_id=1, now=NOW)


@dataclass(frozen=True)
class Desk:
    """Signs what is handed over, and checks it."""

    channel: Channel
    domain: Domain
    signer: Signer

    def voucher(self, amount: int, promises: tuple[Promise, ...], epoch: int = 0) -> SignedVoucher:
        """With these promises, by the channel's key."""
        message = Voucher(
            channel_id=self.channel.id,
            epoch=epoch,
            cumulative_amount=Amount(amount),
            promises=promises_hash(promises),
        )
        signature = self.signer.sign(self.domain, message).signature
        return SignedVoucher(channel=self.channel, voucher=message, signature=signature, promises=promises)

    def opening(
        self, ticks: Stretch, amount: int = 0, *others: Promise, expiry: int = EXPIRY, epoch: int = 0
    ) -> TicksOpening:
        """For so much, with the ticks' promise beside others."""
        own = (ticks.promise(Seconds(expiry)),) if ticks.amount else ()
        return TicksOpening(voucher=self.voucher(amount, (*others, *own), epoch), ticks=ticks)

    def fold(self, fold: Fold) -> TicksOpening:
        """As the payer's shell hands it over."""
        return fold.opening(self.voucher(fold.voucher.cumulative_amount, fold.promises))

    def checked(self, opening: TicksOpening) -> Signed[Voucher]:
        """As the payee's shell has checked it."""
        return opening.voucher.verified(self.domain)


def released(proven: Proven) -> int:
    """What the condition contract's twin says to it."""
    return Proof(HashChain.of_data(proven.data), proven.proof).released(NO_HASH, proven.promise.amount, FACTS)


def stretch_of(chain: TickChain, position: int = 0, each: int = EACH) -> Stretch:
    return Stretch(each=Amount(each), count=chain.ticks.count, position=position, anchor=chain.tip(position))


def chain_of(count: int = COUNT, seed: Hash32 = SEED) -> TickChain:
    return TickChain(Ticks(seed, count))


@pytest.fixture(scope="session")
def desk(channel: Channel, domain: Domain, signers: dict[str, Signer]) -> Desk:
    return Desk(channel, domain, signers["signer"])


@pytest.fixture(scope="session")
def begin(desk: Desk) -> Callable[..., tuple[TickPayer, Meter]]:
    """Both ends of new ticks, in a voucher for `amount`."""

    def begun(count: int = COUNT, amount: int = 0, *others: Promise, **how: Any) -> tuple[TickPayer, Meter]:
        chain = chain_of(count)
        opening = desk.opening(stretch_of(chain), amount, *others)
        meter = Meter.open(opening, desk.checked(opening), others, NOW, margin=MARGIN, **how)
        return TickPayer(chain, opening), meter

    return begun
