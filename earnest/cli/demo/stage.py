"""Where the story happens: a chain, its people, and what each step of theirs moves and costs."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from chain import LocalChain, Receipt, Token
from channels import TillLane, WalletLane
from earnest.cli.demo.teller import Teller
from earnest.testing.contracts import RefusingReceiver
from earnest.testing.moves import Balances, Ledger
from earnest.testing.party import Party
from escrow import Payment

Step = TypeVar("Step", Payment, WalletLane, TillLane, Receipt)
CONTRACTS = {"escrow": "Escrow", "channels": "VoucherChannels"}


class Stage:
    """Ann, a shop, the service that captures for it, a judge, and a shop that is a contract and takes no ETH."""

    def __init__(self, chain: LocalChain, teller: Teller, folder: Path) -> None:
        self.chain, self.teller, self.folder = chain, teller, folder
        self.usdc, self.eth = chain.token("USDC"), chain.native
        self.ann, self.shop, self.service, self.judge = self._parties = [
            Party(name, chain, folder) for name in ("Ann", "shop", "service", "judge")
        ]
        for party in self._parties:
            chain.fund(party.address)
        self.safe = RefusingReceiver(chain, self.service.signer, "safe")
        people = {party.name: party.address for party in self._parties} | {self.safe.name: self.safe.address}
        self.owners = people | {name: chain.address_of(contract) for name, contract in CONTRACTS.items()}
        self.endowed = {token: self.balances(token) for token in (self.usdc, self.eth)}
        self.paid_in: Counter[tuple[Token, str]] = Counter()
        self.paid_out: Counter[tuple[Token, str]] = Counter()
        self.payments: dict[bytes, Payment] = {}
        self.lanes: dict[bytes, WalletLane] = {}

    def close(self) -> None:
        """Closes everybody's stores."""
        for party in self._parties:
            party.close()

    def balances(self, token: Token) -> Balances:
        """What everybody has, gas that was paid for left out."""
        return Ledger(chain=self.chain, token=token, owners=self.owners).read()

    def step(
        self, text: str, action: Callable[..., Step], *args: Any, moves: Mapping[str, str], token: Token | None = None
    ) -> Step:
        """Does it and says what it moved, which must be exactly `moves`, and what gas it used."""
        ledger = Ledger(chain=self.chain, token=token or self.usdc, owners=self.owners)
        before = ledger.read()
        done = action(*args)
        after = ledger.read()
        moved = {name: after[name] - units for name, units in before.items() if after[name] != units}
        said = ", ".join(f"{name} {ledger.signed(units)}" for name, units in moved.items())
        right = moved == {name: ledger.units(name, move) for name, move in moves.items()}
        self.teller.say(f"{text} -> {said or 'nothing moves'}", gas=gas_of(done), so=right)
        self._book(ledger.token, moved, done)
        return done

    def _book(self, token: Token, moved: Balances, done: Payment | WalletLane | TillLane | Receipt) -> None:
        for name in CONTRACTS:
            book = self.paid_in if moved.get(name, 0) > 0 else self.paid_out
            book[token, name] += abs(moved.get(name, 0))
        if isinstance(done, Payment):
            self.payments[done.payment_id] = done
        elif isinstance(done, WalletLane):
            self.lanes[done.id] = done


def gas_of(done: Payment | WalletLane | TillLane | Receipt) -> int:
    """What the step's transaction used."""
    receipt = done if isinstance(done, Receipt) else done.receipt
    return receipt.gas_used if receipt else 0
