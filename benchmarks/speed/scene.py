"""The channel that the pure rows pay through, and its vouchers; keys and amounts are the same in every run."""

from collections.abc import Iterator

from chain import Signer
from chain.keccak import keccak
from chain.signing import Signed, known_key
from chain.typed_data import Domain
from chain.units import Address, Amount, Seconds, address
from channels import Channel, Lane, PayeeSession, SignedVoucher, Voucher
from channels.wire import write_voucher

DEPOSIT = Amount(10**18)
PRICE = Amount(1_000)
_DAY = Seconds(86_400)


class Scene:
    """One payer, one payee, one open channel."""

    def __init__(self) -> None:
        self.secret = keccak(b"earnest speed payer")
        self.payer = Signer(self.secret)
        payee, token, contract = (_address(name) for name in ("payee", "token", "contract"))
        self.domain = Domain(8453, contract)
        self.channel = Channel(
            payer=self.payer.address,
            payee=payee,
            token=token,
            signer=self.payer.address,
            window=_DAY,
            promise_window=_DAY,
        )
        self.known = known_key(self.domain, self.voucher(1), self._sign(self.voucher(1)).signature, self.payer.address)
        self.session = PayeeSession(channel=self.channel, lane=Lane(deposit=DEPOSIT))

    def voucher(self, number: int) -> Voucher:
        """The payer's voucher of this number, from 1 on."""
        return Voucher(channel_id=self.channel.id, epoch=0, cumulative_amount=Amount(number * PRICE))

    def signed(self, count: int) -> Iterator[Signed[Voucher]]:
        """The first `count` vouchers, each for more than the one before."""
        return (self._sign(self.voucher(number)) for number in range(1, count + 1))

    def sent(self, count: int) -> Iterator[SignedVoucher]:
        """The same as they are handed over."""
        for signed in self.signed(count):
            yield SignedVoucher(channel=self.channel, voucher=signed.message, signature=signed.signature)

    def _sign(self, voucher: Voucher) -> Signed[Voucher]:
        return self.payer.sign(self.domain, voucher)


def text_of(sent: SignedVoucher) -> bytes:
    """As a request brings it."""
    return write_voucher(sent)


def key(name: str) -> Signer:
    """A key that is the same in every run."""
    return Signer(keccak(b"earnest speed " + name.encode()))


def _address(name: str) -> Address:
    return address(keccak(b"earnest speed " + name.encode())[12:])
