"""What the fixture `earnest` is: a chain, parties with money, and the levers that a test pulls."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from chain import LocalChain, Money, Receipt, Token
from chain.units import Address, Seconds
from channels import TillLane, WalletLane
from earnest.testing.contracts import BadToken, RefusingReceiver, deploy_bad_token, mint
from earnest.testing.keys import PARTIES
from earnest.testing.moves import Ledger, Moves
from earnest.testing.party import Party
from escrow import Payment, Terms

_CONTRACTS = {"escrow": "Escrow", "channels": "VoucherChannels"}


class World:
    """Every party starts with 10 ETH and 1,000 USDC, in every test anew."""

    def __init__(self, chain: LocalChain, folder: Path) -> None:
        self.chain = chain
        self.usdc, self.eth = chain.token("USDC"), chain.native
        self.payer, self.payee, self.operator, self.arbiter, self.stranger = (
            Party(name, chain, folder) for name in PARTIES
        )
        self._parties = (self.payer, self.payee, self.operator, self.arbiter, self.stranger)
        self._owners: dict[str, Address] = {party.name: party.address for party in self._parties}
        self._owners |= {name: chain.address_of(contract) for name, contract in _CONTRACTS.items()}

    def at(self, time: int) -> None:
        """The next action happens at exactly this Unix second, also if it is only tried."""
        self.chain.travel(to=Seconds(time))

    def travel(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """The next action happens so much later than it would."""
        self.chain.travel(to=self.chain.after(days=days, hours=hours, minutes=minutes, seconds=seconds))

    def mine(self, blocks: int = 1) -> None:
        """Empty blocks, a second or more apart."""
        self.chain.mine(blocks)

    def reorg(self, depth: int) -> None:
        """Undoes the last `depth` blocks; anvil only, else `NodeRefused`."""
        self.chain.reorg(depth)

    def terms(self, amount: Money | str, *, if_expired: Any, **terms: Any) -> Terms:
        """Terms from payer to payee, in USDC if only a number is given, for 14 days; what is named replaces that.

        With `condition` or `arbiter` they are `Terms.conditional` or `Terms.purchase`, else `Terms.card`.
        """
        common: dict[str, Any] = {
            "payer": self.payer.address,
            "payee": self.payee.address,
            "amount": self.usdc(amount) if isinstance(amount, str) else amount,
            "expiry": self.chain.after(days=14),
            "if_expired": if_expired,
        }
        if "condition" in terms:
            return Terms.conditional(**common | terms)
        if "arbiter" in terms:
            return Terms.purchase(**common | {"ruling_period": timedelta(days=7)} | terms)
        return Terms.card(**common | {"operator": self.operator.address} | terms)

    def authorized(self, amount: Money | str, *, if_expired: Any, **terms: Any) -> Payment:
        """A payment under `terms(...)`, its money in escrow."""
        return self.payer.escrow.authorize(self.terms(amount, if_expired=if_expired, **terms))

    def moves(self, *, token: Token | None = None, **expected: str) -> Moves:
        """Fails unless each named party or contract gains or loses so much of USDC, or `token`, within the block.

        Names are those of the parties, `escrow`, `channels` and of refusing receivers; gas doesn't count.
        """
        ledger = Ledger(chain=self.chain, token=token or self.usdc, owners=self._owners)
        return Moves(ledger, expected)

    def refusing_receiver(self, name: str = "receiver") -> RefusingReceiver:
        """A contract that can be payer or payee, with 10 ETH and 1,000 USDC, and takes no ETH while it refuses."""
        receiver = RefusingReceiver(self.chain, self.stranger.signer, name)
        self._owners[name] = receiver.address
        return receiver

    def bad_token(self, kind: BadToken) -> Token:
        """A token that breaks ERC-20's rules; every party has 1,000 of it."""
        token = deploy_bad_token(self.chain, self.stranger.signer, kind)
        for party in self._parties:
            mint(self.chain, self.stranger.signer, token, party.address, "1000")
        return token

    def gas(self, what: Payment | WalletLane | TillLane | Receipt) -> int:
        """What the transaction that led here used."""
        receipt = what if isinstance(what, Receipt) else what.receipt
        if receipt is None:
            raise ValueError("it was read, not sent: there is no receipt")
        return receipt.gas_used

    def close(self) -> None:
        """Closes the parties' stores."""
        for party in self._parties:
            party.close()


def endow(chain: LocalChain) -> None:
    """Gives every party its money, once for all tests on a chain."""
    for name in PARTIES:
        chain.fund(Party(name, chain, Path()).address)
