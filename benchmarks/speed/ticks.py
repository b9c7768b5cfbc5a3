"""Taking ticks: one hash each, as many as one proof on chain can show, and then with the next promise."""

from dataclasses import replace

from benchmarks.speed.harness import Run, Task
from benchmarks.speed.scene import PRICE, Scene
from chain.hash_chain import MAX_STEPS
from chain.keccak import keccak
from chain.units import Amount, Hash32, Seconds
from channels import SignedVoucher
from channels.promise import promises_hash
from channels.ticks import Meter, Stretch, Ticks, TicksOpening

_NOW, _EXPIRY, _MARGIN = Seconds(2_000_000_000), Seconds(2_000_600_000), Seconds(3_600)
_EACH = Amount(PRICE // 100)
Tips = tuple[Hash32, ...]


def tasks(scene: Scene) -> dict[str, Task]:
    """From the tip to the meter that has moved on; the folds between are vouchers, and timed as such."""

    def tick(count: int) -> Run:
        stretches = [_stretch(scene, number) for number in range(-(-count // MAX_STEPS))]

        def run() -> int:
            for meter, tips in stretches:
                for tip in tips:
                    meter.tick(tip, _NOW)
            return sum(meter.reading.position for meter, _ in stretches)

        return run

    return {"tick": tick}


def _stretch(scene: Scene, number: int) -> tuple[Meter, Tips]:
    """A meter and all the ticks that it takes without a fold, in order."""
    ticks = Ticks(keccak(b"earnest speed ticks" + number.to_bytes(8, "big")), MAX_STEPS)
    tips = [ticks.seed]
    for _ in range(MAX_STEPS):
        tips.append(keccak(tips[-1]))
    stretch = Stretch(each=_EACH, count=MAX_STEPS, anchor=tips.pop())
    promises = (stretch.promise(_EXPIRY),)
    voucher = replace(scene.voucher(1), promises=promises_hash(promises))
    signed = scene.payer.sign(scene.domain, voucher)
    sent = SignedVoucher(channel=scene.channel, voucher=voucher, signature=signed.signature, promises=promises)
    opening = TicksOpening(voucher=sent, ticks=stretch)
    return Meter.open(opening, signed, (), _NOW, margin=_MARGIN), tuple(reversed(tips))
