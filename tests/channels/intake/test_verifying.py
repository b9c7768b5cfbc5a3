import asyncio
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from coincurve import PublicKey

from chain.errors import EarnestError, InvalidSignature
from chain.keccak import keccak
from chain.secp256k1 import KnownKey
from chain.signer import Signer
from chain.signing import Signed, compact
from chain.typed_data import Domain
from channels import Channel, Lane, PayeeSession, SignedVoucher, Voucher
from channels.intake.verifying import AsyncVerifier, Verifier
from channels.signature import signer_of
from channels.stores.book import Book

Sent = Callable[..., SignedVoucher]


@pytest.fixture
def verifier(domain: Domain) -> Verifier:
    return Verifier(domain)


@pytest.fixture
def sent_by(describe: Callable[..., Channel], domain: Domain) -> Sent:
    """A voucher of a channel of this key's own; `by` may be another key."""

    def made(number: int, amount: Any = 5, by: int | None = None) -> SignedVoucher:
        key = Signer(keccak(b"key" + bytes([number])))
        channel = describe(signer=key.address)
        voucher = Voucher(channel_id=channel.id, epoch=0, cumulative_amount=amount)
        signer = key if by is None else Signer(keccak(b"key" + bytes([by])))
        return SignedVoucher(channel=channel, voucher=voucher, signature=signer.sign(domain, voucher).signature)

    return made


def as_signed(sent: SignedVoucher) -> Signed[Voucher]:
    return Signed(sent.voucher, sent.channel.signer, sent.signature)


def other_v(sent: SignedVoucher) -> SignedVoucher:
    signature = sent.signature[:64] + bytes([55 - sent.signature[64]])
    return SignedVoucher(channel=sent.channel, voucher=sent.voucher, signature=signature)


def test_a_voucher_is_answered_as_its_channels_key_has_signed_it(verifier: Verifier, sent_by: Sent) -> None:
    for sent in (sent_by(1), sent_by(1, 6), sent_by(2), sent_by(1, 5)):
        assert verifier.check(sent) == as_signed(sent)


def test_another_keys_voucher_is_refused_whether_the_key_is_known_or_not(verifier: Verifier, sent_by: Sent) -> None:
    forged, good = sent_by(1, by=2), sent_by(1)
    for _ in range(2):
        with pytest.raises(InvalidSignature) as caught:
            verifier.check(forged)
        assert caught.value.facts == {"signer": sent_by(2).channel.signer, "expected": good.channel.signer}
        assert verifier.check(good) == as_signed(good)


def test_a_signature_counts_for_its_message_chain_and_contract_alone(
    verifier: Verifier, sent_by: Sent, domain: Domain
) -> None:
    good, other = sent_by(1, 5), sent_by(1, 6)
    swapped = SignedVoucher(channel=good.channel, voucher=other.voucher, signature=good.signature)
    verifier.check(good)
    with pytest.raises(InvalidSignature):
        verifier.check(swapped)
    elsewhere = Verifier(Domain(domain.chain_id + 1, domain.contract))
    with pytest.raises(InvalidSignature):
        elsewhere.check(good)


def test_the_wrong_v_of_a_known_key_is_taken_and_put_right_for_the_chain(
    verifier: Verifier, sent_by: Sent, domain: Domain
) -> None:
    """The fast check looks at r and s alone, and the contract takes one v of the two."""
    good, wrong = sent_by(1), other_v(sent_by(1))
    verifier.check(good)
    signed = verifier.check(wrong)
    assert signer_of(domain, wrong.voucher, *compact(wrong.signature)) != wrong.channel.signer

    kept = PayeeSession(channel=wrong.channel, lane=Lane(), accepted=wrong.voucher.cumulative_amount, newest=signed)
    shown = Book(session=kept, seen_at=0).voucher(domain)
    assert shown == good
    assert signer_of(domain, wrong.voucher, *compact(good.signature)) == good.channel.signer
    assert Book(session=PayeeSession(channel=wrong.channel, lane=Lane()), seen_at=0).voucher(domain) is None


def test_no_key_is_learnt_from_a_wrong_v(verifier: Verifier, sent_by: Sent) -> None:
    with pytest.raises(InvalidSignature):
        verifier.check(other_v(sent_by(1)))
    assert verifier.check(sent_by(1)) == as_signed(sent_by(1))


def test_strangers_fill_no_memory_with_keys(verifier: Verifier, sent_by: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.intake.verifying._KEYS", 2)
    for number in (1, 2, 3, 1, 1, 2):
        assert verifier.check(sent_by(number)) == as_signed(sent_by(number))
        assert len(verifier._keys) <= 2
    assert list(verifier._keys) == [sent_by(number).channel.signer for number in (1, 2)], "the oldest goes first"


def test_threads_share_a_full_memory(verifier: Verifier, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one looks for the oldest key while another one adds a key, neither fails."""
    monkeypatch.setattr("channels.intake.verifying._KEYS", 3)
    key = Signer(keccak(b"key"))
    known, failures = KnownKey(_public(key)), list[Exception]()

    def add(start: int) -> None:
        try:
            for number in range(start, 150_000, 16):
                verifier._remember(f"0x{number:040x}", known)  # type: ignore[arg-type]
        except Exception as failure:  # noqa: BLE001  # a thread's failure is the test's
            failures.append(failure)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    threads = [threading.Thread(target=add, args=(start,)) for start in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(before)
    assert failures == []
    assert len(verifier._keys) == 3


def _public(key: Signer) -> bytes:
    signature = key.sign_digest(keccak(b"digest"))
    recovered = PublicKey.from_signature_and_message(
        signature[:64] + bytes([signature[64] - 27]), keccak(b"digest"), hasher=None
    )
    return recovered.format(compressed=False)


@pytest.mark.parametrize("size", [0, 1, 3, 4, 5, 11])
async def test_many_are_answered_each_in_its_place(
    domain: Domain, sent_by: Sent, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Where they stand, or from four on in chunks of two beside the event loop."""
    monkeypatch.setattr("channels.intake.verifying._CHUNK", 2)
    sent = [sent_by(number % 3, number, by=9 if number % 4 == 1 else None) for number in range(size)]
    for answers in (Verifier(domain).check_all(sent), await AsyncVerifier(domain).check_all(sent)):
        assert len(answers) == size
        for number, (one, answer) in enumerate(zip(sent, answers, strict=True)):
            assert isinstance(answer, EarnestError) if number % 4 == 1 else answer == as_signed(one)


class Counting(ThreadPoolExecutor):
    """How many pieces of work it was given."""

    given = 0

    def submit(self, *work: Any, **named: Any) -> Any:
        self.given += 1
        return super().submit(*work, **named)


@pytest.mark.parametrize(("size", "pieces"), [(3, 0), (4, 2), (5, 3)])
async def test_many_are_checked_beside_the_event_loop(
    domain: Domain, sent_by: Sent, monkeypatch: pytest.MonkeyPatch, size: int, pieces: int
) -> None:
    monkeypatch.setattr("channels.intake.verifying._CHUNK", 2)
    executor = Counting(1)
    asyncio.get_running_loop().set_default_executor(executor)
    await AsyncVerifier(domain).check_all([sent_by(1)] * size)
    assert executor.given == pieces


async def test_one_is_checked_where_it_stands(domain: Domain, sent_by: Sent) -> None:
    verifier = AsyncVerifier(domain)
    assert verifier.check(sent_by(1)) == as_signed(sent_by(1))
    with pytest.raises(InvalidSignature):
        verifier.check(sent_by(1, by=2))
