"""One condition of each kind, who signs for it, and what it is asked about."""

from chain import Signer
from chain.hash_chain import Ticks
from chain.keccak import keccak
from chain.units import Amount, Seconds
from escrow import conditions as c

NOW = Seconds(2_000_000_000)
FACTS = c.Facts(chain_id=1, now=NOW)
ANN, BOB, CAROL, EVE = (Signer(keccak(name)) for name in (b"ann", b"bob", b"carol", b"eve"))
SUBJECT = c.Subject(chain_id=1, id=keccak(b"a payment"), amount=Amount(1_000), expiry=Seconds(NOW + 600))
PREIMAGE = bytes(range(32))
TICKS = Ticks(keccak(b"seed"), 100)
FEED = keccak(b"a feed")[:20]

LOCK = c.hash_lock(keccak=keccak(PREIMAGE))
CHAIN = c.hash_chain(each=10, ticks=TICKS)
LATER = c.after_time(NOW + 100)
LINE = c.vesting(start=NOW, cliff=NOW + 10, end=NOW + 200)
TWO = c.approvals(2, of=[ANN.address, BOB.address, CAROL.address])
DELIVERED = c.attestation(by=CAROL.address, says="delivered")
PRICE = c.price_feed("0x" + FEED.hex(), phase=1, time=NOW, within=60, none_at=100, all_at=-100)
LEAVES = [LOCK, CHAIN, LATER, LINE, TWO, DELIVERED, PRICE]
TREES = [c.all_of(LOCK, LATER), c.any_of(LOCK, c.all_of(TWO, DELIVERED)), c.at_least(2, LOCK, LATER, LINE, TWO, PRICE)]


def released(proof: c.Proof, facts: c.Facts = FACTS) -> int:
    """Of 1,000."""
    return proof.released(SUBJECT.id, SUBJECT.amount, facts)
