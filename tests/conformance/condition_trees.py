"""Random conditions, and what may be shown to them: right, wrong and broken."""

import hashlib
from typing import Any

from hypothesis import strategies as st

from chain import Signer, contracts
from chain.errors import InvalidValue
from chain.hash_chain import Ticks
from chain.keccak import keccak
from chain.units import Address, Amount, Bps, Seconds, address
from escrow import conditions as c
from escrow.conditions import messages
from escrow.conditions.signed import SignedWord
from escrow.conditions.signed_values import SignedValues

NOW = Seconds(2_000_000_000)
AMOUNT = 1_000
PREIMAGE = bytes(range(32))
KEYS = [Signer(keccak(bytes([number]))) for number in range(5)]
WALLET = address(b"a wallet of any kind")
"""It says yes to everything (ERC-1271)."""
PEOPLE: list[Address] = [key.address for key in KEYS]
FEED, PHASE = contracts.address_of("TestFeed"), 3
FIRST = (PHASE << 64) + 1
TICKS = Ticks(keccak(b"seed"), 1_024)
SUBJECT, OTHER = (
    c.Subject(chain_id=1, id=keccak(name), amount=Amount(AMOUNT), expiry=Seconds(NOW + 1))
    for name in (b"this", b"that")
)
ROUNDS = {
    round_id: c.Round(feed=FEED, round_id=round_id, answer=answer, updated_at=updated_at, answered_in=answered_in)
    for round_id, answer, updated_at, answered_in in [
        (FIRST, 70, NOW - 9, FIRST),
        (FIRST + 1, 80, NOW - 5, FIRST + 1),
        (FIRST + 2, 50, NOW - 1, FIRST + 2),
        (FIRST + 3, 95, NOW, FIRST + 3),
        (FIRST + 4, 60, NOW + 1, FIRST + 3),
        (FIRST + 5, -(2**255), NOW + 2, FIRST + 5),
    ]
}

near = st.integers(NOW - 2, NOW + 2)
moments = st.sampled_from([0, NOW, 2**48 - 1]) | near
values = st.sampled_from([0, 1, 333, AMOUNT - 1, AMOUNT, AMOUNT + 1, 2**96 - 1]) | st.integers(0, AMOUNT)
prices = st.sampled_from([-(2**255), 2**255 - 1, 0]) | st.integers(40, 100)


@st.composite
def vestings(draw: st.DrawFn) -> c.Condition:
    start, end = sorted(draw(st.lists(moments, min_size=2, max_size=2, unique=True)))
    return c.vesting(start=start, cliff=draw(st.integers(start, end)), end=end)


@st.composite
def signings(draw: st.DrawFn, wallets: bool = False) -> c.Condition:
    people = [*PEOPLE, WALLET] if wallets else PEOPLE
    signers = draw(st.lists(st.sampled_from(people), min_size=1, max_size=6, unique=True))
    threshold, about = draw(st.integers(1, len(signers))), draw(st.sampled_from([None, keccak(b"a fact")]))
    if draw(st.booleans()):
        return c.approvals(threshold, of=signers)
    return c.attestation(by=signers, says="delivered", about=about, threshold=threshold)


@st.composite
def feeds(draw: st.DrawFn) -> c.Condition:
    none_at, all_at = draw(st.lists(prices, min_size=2, max_size=2, unique=True))
    within = draw(st.sampled_from([1, 2, 3, 2**32 - 1]))
    return c.price_feed(FEED, phase=PHASE, time=draw(near), within=within, none_at=none_at, all_at=all_at)


leaves = st.one_of(
    st.sampled_from([c.hash_lock(sha256=hashlib.sha256(PREIMAGE).digest()), c.hash_lock(keccak=keccak(PREIMAGE))]),
    st.builds(lambda each: c.hash_chain(each=each, ticks=TICKS), values),
    st.builds(c.after_time, moments),
    vestings(),
    signings(),
    signings(),
    feeds(),
)


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> c.Condition:
    """Whatever the builders accept; a wallet only where it is given all the gas."""
    if depth == 3 and draw(st.integers(0, 5)) == 0:
        return draw(signings(wallets=True))
    if depth == 0 or draw(st.booleans()):
        leaf: c.Condition = draw(leaves)
        return leaf
    children = draw(st.lists(trees(depth - 1), min_size=1, max_size=4 if depth > 1 else 8))
    try:
        kind = draw(st.sampled_from(["all", "any", "some"]))
        if kind == "some":
            return c.at_least(draw(st.integers(1, len(children))), *children)
        return c.all_of(*children) if kind == "all" else c.any_of(*children)
    except InvalidValue:  # the same child twice, or too much gas
        return children[0]


def broken(proofs: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """Mostly the proof itself; else cut, longer, or with one byte changed."""

    def spoil(shown: bytes, how: int, at: int, byte: int) -> bytes:
        place = at % (len(shown) + 1)
        if how == 0:
            return shown[:place]
        if how == 1:
            return shown + bytes([byte])
        if how == 2:
            return shown[:place] + bytes([byte]) + shown[place + 1 :]
        return shown

    return st.builds(spoil, proofs, st.integers(0, 9), st.integers(0, 600), st.integers(0, 255))


@st.composite
def shown_to(draw: st.DrawFn, condition: c.Condition, subject: c.Subject = SUBJECT) -> bytes:
    """A proof in the right form, of what is true or not; mostly about `subject`."""
    if isinstance(condition, c.HashLock):
        return draw(st.sampled_from([PREIMAGE, PREIMAGE, bytes(32), b"", PREIMAGE + b"\0"]))
    if isinstance(condition, c.HashChain):
        steps = draw(st.sampled_from([0, 1, 7, 8, 9, 256, 1_023, 1_024]))
        return TICKS.tip(steps) + (steps + draw(st.sampled_from([0, 0, 0, 1]))).to_bytes(2, "big")
    if isinstance(condition, SignedValues):
        return draw(_words(condition, subject))
    if isinstance(condition, c.PriceFeed):
        counts = next((found for found in ROUNDS.values() if found.updated_at >= condition.time), ROUNDS[FIRST])
        others = st.sampled_from([FIRST - 1, *ROUNDS, FIRST + len(ROUNDS), 1, 2**80])
        return draw(st.just(counts.round_id) | others).to_bytes(32, "big")
    if isinstance(condition, c.Combinator):
        parts = [draw(shown_to(child, subject)) for child in condition.children]
        return b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    return draw(st.sampled_from([b"", b"", b"anything"]))


@st.composite
def _words(draw: st.DrawFn, condition: SignedValues[Any], subject: c.Subject) -> bytes:
    words: list[SignedWord[Any]] = []
    for key in KEYS:
        if key.address not in condition.signers or draw(st.integers(0, 3)) == 0:
            continue
        expiry = draw(st.sampled_from([NOW, NOW + 1, NOW + 1, 2**48 - 1]))
        about = draw(st.sampled_from([subject, subject, subject, OTHER]))
        if isinstance(condition, c.Approvals):
            words.append(condition.approve(about, key, amount=draw(values), expiry=expiry))
        elif isinstance(condition, c.Attestation):
            words.append(condition.attest(about, key, share_bps=draw(st.integers(0, 10_000)), expiry=expiry))
    if WALLET in condition.signers:
        words.append(_of_wallet(condition, draw(st.integers(0, 10_001))))
    return condition.proof(words).shown


def _of_wallet(condition: SignedValues[Any], value: int) -> SignedWord[Any]:
    message: messages.Approval | messages.Attestation
    if isinstance(condition, c.Approvals):
        message = messages.Approval(subject=SUBJECT.id, amount=Amount(value), expiry=SUBJECT.expiry)
    else:
        about = keccak(b"a wallet is asked about the digest alone")
        message = messages.Attestation(statement=about, about=about, share_bps=Bps(value), expiry=SUBJECT.expiry)
    domain = condition.domain(SUBJECT.chain_id)
    return SignedWord(message=message, domain=domain, signer=WALLET, signature=b"as the wallet likes it")
