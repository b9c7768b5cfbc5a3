"""The attacker's papers: a deposit, the transaction that takes it back, and vouchers for the deposit."""

from chain import NOBODY, Address, Amount, Domain, Seconds, Signer
from chain.contracts import interface
from channels import Channel, SignedVoucher, Voucher

_GAS, _TIP, _MOST = 300_000, 10**9, 10**12


class Spender:
    """Opens one lane of native currency to `payee` with its first transaction, or spends that nonce on nothing."""

    def __init__(self, domain: Domain, payee: Address, window: Seconds, deposit: Amount) -> None:
        self.signer, self._domain = Signer.generate(), domain
        self.channel = Channel(
            payer=self.signer.address,
            payee=payee,
            token=NOBODY,
            signer=self.signer.address,
            window=window,
            promise_window=window,
        )
        call = interface("VoucherChannels").function("open", 2).call_data((self.channel.calldata, deposit))
        self.deposit = self._signed(domain.contract, call, deposit)
        self.instead = self._signed(self.signer.address, b"", 0)

    def voucher(self, amount: Amount) -> SignedVoucher:
        """For so much in all, in wei."""
        voucher = Voucher(channel_id=self.channel.id, epoch=0, cumulative_amount=amount)
        signature = self.signer.sign(self._domain, voucher).signature
        return SignedVoucher(channel=self.channel, voucher=voucher, signature=signature)

    def _signed(self, to: Address, data: bytes, value: int) -> bytes:
        fees = {"gas": _GAS, "maxPriorityFeePerGas": _TIP, "maxFeePerGas": _MOST}
        body = {"to": to, "data": data, "value": value, "nonce": 0, "type": 2, "chainId": self._domain.chain_id}
        return self.signer.sign_transaction(body | fees)
