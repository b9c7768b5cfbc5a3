"""The scene of every gas row: a plain ERC-20, plain keys, everybody already holds some, unlimited allowances."""

from chain import Chain, LocalChain, Seconds, Signer, Token
from chain.keccak import keccak

START = Seconds(2_000_000_000)
"""Calldata is priced by its zero bytes, so times must not move with the wall clock."""


def signer(name: str) -> Signer:
    """A key that is the same in every run."""
    return Signer(keccak(b"earnest gas " + name.encode()))


class World:
    """A local chain with its five parties."""

    def __init__(self, chain: LocalChain) -> None:
        self.chain = chain
        self.usdc, self.native = chain.token("USDC"), chain.native
        self.payer, self.payee, self.operator, self.fee_recipient, self.stranger = (
            signer(name) for name in ("payer", "payee", "operator", "fee recipient", "stranger")
        )
        for party in (self.payer, self.payee, self.operator, self.fee_recipient, self.stranger):
            self.endow(party)
        for contract in ("Escrow", "VoucherChannels"):
            chain.fund(chain.address_of(contract), native="0", usdc="1000")
        chain.travel(to=START)

    @classmethod
    def start(cls) -> "World":
        """On a new chain; `chain.close()` ends it."""
        return cls(Chain.local())

    def endow(self, party: Signer) -> None:
        """Money, and unlimited allowances for the contracts."""
        self.chain.fund(party.address)
        for contract in ("Escrow", "VoucherChannels"):
            self.chain.approve(party, self.usdc, self.chain.address_of(contract))

    def token(self, name: str) -> Token:
        """`erc20` or `eth`, as the rows call them."""
        return self.usdc if name == "erc20" else self.native

    def gas(self, sender: Signer, contract: str, function: str, *args: object, value: int = 0) -> int:
        """What one transaction used."""
        return self.chain.send(sender, contract, function, *args, value=value).gas_used

    def value(self, token: Token, units: int) -> int:
        """The wei that go along with a funding call."""
        return units if token.is_native else 0
