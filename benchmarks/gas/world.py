"""The scene of every gas row: a plain ERC-20, plain keys, everybody already holds some, unlimited allowances."""

from chain import Address, Chain, LocalChain, Seconds, Signer, Token
from chain.contracts import address_of, init_code
from chain.create2 import PROXY, call_data
from chain.keccak import keccak

PLAIN = "PlainToken"
SPENDERS = ("Escrow", "VoucherChannels", "DuplexChannels")
START = Seconds(2_000_000_000)
"""Calldata is priced by its zero bytes, so times must not move with the wall clock."""


def signer(name: str) -> Signer:
    """A key that is the same in every run."""
    return Signer(keccak(b"earnest gas " + name.encode()))


class World:
    """A local chain with its five parties."""

    def __init__(self, chain: LocalChain) -> None:
        self.chain = chain
        self.payer, self.payee, self.operator, self.arbiter, self.fee_recipient, self.stranger = people = [
            signer(name) for name in ("payer", "payee", "operator", "arbiter", "fee recipient", "stranger")
        ]
        chain.fund(self.payer.address)
        chain.execute(self.payer, PROXY, call_data(init_code(PLAIN)))
        self.plain, self.usdc, self.native = chain.token(address_of(PLAIN)), chain.token("USDC"), chain.native
        for party in people:
            self.endow(party)
        for contract in SPENDERS:
            self.mint(chain.address_of(contract))
        chain.travel(to=START)

    @classmethod
    def start(cls) -> "World":
        """On a new chain; `chain.close()` ends it."""
        return cls(Chain.local())

    def endow(self, party: Signer) -> None:
        """Money, and unlimited allowances for the contracts."""
        self.mint(party.address)
        for contract in SPENDERS:
            self.chain.approve(party, self.plain, self.chain.address_of(contract))

    def mint(self, owner: Address) -> None:
        """Some of every kind of money."""
        self.chain.fund(owner)
        self.chain.send(self.payer, PLAIN, "mint", owner, 10**10)

    def token(self, name: str) -> Token:
        """`erc20`, `erc3009` (with signed transfers) or `eth`, as the rows call them."""
        return {"erc20": self.plain, "erc3009": self.usdc, "eth": self.native}[name]

    def gas(self, sender: Signer, contract: str, function: str, *args: object, value: int = 0) -> int:
        """What one transaction used."""
        return self.chain.send(sender, contract, function, *args, value=value).gas_used

    def value(self, token: Token, units: int) -> int:
        """The wei that go along with a funding call."""
        return units if token.is_native else 0
