"""Signatures of vouchers, by keys that are recovered once."""

import asyncio
import threading
from collections.abc import Sequence

from chain.errors import EarnestError
from chain.secp256k1 import KnownKey
from chain.signing import Signed, known_key, verify_known
from chain.typed_data import Domain
from chain.units import Address
from channels.voucher import SignedVoucher, Voucher

Checked = Signed[Voucher] | EarnestError
_KEYS = 100_000
_CHUNK = 64
"""Signatures in a thread's piece of work: below twice as many the threads cost more than they bring."""


class Verifier:
    """For one contract. Each voucher is answered in its place: as its channel's key signed it, or why it is not."""

    def __init__(self, domain: Domain) -> None:
        self._domain = domain
        self._keys: dict[Address, KnownKey] = {}
        self._lock = threading.Lock()

    def check(self, sent: SignedVoucher) -> Signed[Voucher]:
        """Raises `InvalidSignature`."""
        signer = sent.channel.signer
        key = self._keys.get(signer)
        if key is None:
            key = known_key(self._domain, sent.voucher, sent.signature, signer)
            self._remember(signer, key)
        return verify_known(self._domain, sent.voucher, sent.signature, signer, key)

    def check_all(self, vouchers: Sequence[SignedVoucher]) -> list[Checked]:
        """As `check` for each, its error as an answer."""
        return list(map(self._tried, vouchers))

    def _remember(self, signer: Address, key: KnownKey) -> None:
        with self._lock:  # Threads check at once, and the oldest can't be looked for while another one adds.
            if len(self._keys) >= _KEYS:
                self._keys.pop(next(iter(self._keys)))
            self._keys[signer] = key

    def _tried(self, sent: SignedVoucher) -> Checked:
        try:
            return self.check(sent)
        except EarnestError as why:
            return why


class AsyncVerifier:
    """As `Verifier`; many are checked beside the event loop, on all cores, since libsecp256k1 works without the GIL."""

    def __init__(self, domain: Domain) -> None:
        self._verifier = Verifier(domain)
        self.check = self._verifier.check

    async def check_all(self, vouchers: Sequence[SignedVoucher]) -> list[Checked]:
        """As `check` for each, its error as an answer."""
        if len(vouchers) < 2 * _CHUNK:
            return self._verifier.check_all(vouchers)
        loop = asyncio.get_running_loop()
        chunks = [vouchers[at : at + _CHUNK] for at in range(0, len(vouchers), _CHUNK)]
        work = [loop.run_in_executor(None, self._verifier.check_all, chunk) for chunk in chunks]
        return [checked for chunk in await asyncio.gather(*work) for checked in chunk]
