"""A node, an attacker and a payee under a policy; a plot is played with real transactions and reorganisations."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

from chain import Amount, Chain, LocalChain, Signer
from chain.finality import Finality
from channels import Lanes, Limits, MemoryStore, Payee
from channels.errors import DepositNotFinal, NotOpen
from channels.exposure import OverLimit
from earnest.cli.lab.ground import Ground
from earnest.cli.lab.plot import Plot
from earnest.cli.lab.spender import Spender

PRICE = "1"
"""Of the goods, in whole units of the native currency: what one try can win."""
_REFRESH = 31
_NOT_YET = (DepositNotFinal, NotOpen, OverLimit)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """In wei: what the payee gave goods for, and what of that no deposit of the chain pays at the end."""

    delivered: int
    lost: int


class Stage:
    """Every plot begins at the same block; the stage is set anew when the ground is."""

    def __init__(
        self, ground: Ground, policy: Finality, limits: Limits | Sequence[Limits] = (), parts: int = 1
    ) -> None:
        """The goods are served in so many equal `parts`, each with a voucher of its own."""
        self._ground, self._policy, self._limits, self._parts = ground, policy, limits, parts
        self._payee = Signer.generate()
        self._connection = ExitStack()
        self._set(ground.local(policy.depth()))

    def fits(self, plot: Plot) -> bool:
        """Whether a node here can undo so many blocks."""
        return self._ground.fits(plot.blocks + self._policy.depth())

    def play(self, plot: Plot) -> Outcome:
        """What became of the payee. Raises `Malformed` for more blocks than can be undone here."""
        local = self._ground.local(plot.blocks + self._policy.depth())
        if local is not self._local:
            self._set(local)
        before = self._branches.snapshot()
        try:
            with Payee(self._chain, self._payee, MemoryStore(), limits=self._limits, clock=_Clock()) as till:
                delivered = self._show(plot, till)
            self._overtake(plot)
            paid = self._lanes.lane(self._spender.channel.id, as_of=Finality.confirmations(1)).deposit
            return Outcome(delivered=delivered, lost=max(delivered - paid, 0))
        finally:
            self._branches.restore(before)

    def _set(self, local: LocalChain) -> None:
        """With the attacker's money, and so many blocks that the contracts are final."""
        self.close()
        self._local, self._branches = local, self._ground.branches
        self._chain = self._connection.enter_context(Chain.connect("local", [local.serve()], finality=self._policy))
        self.price = local.native(PRICE)
        self._lanes = Lanes(self._chain, self._payee)
        window = self._chain.network.shortest_closing_period
        whole = self.price.units
        self._spender = Spender(self._lanes.domain, self._payee.address, window, whole)
        self._vouchers = [
            self._spender.voucher(Amount(whole * part // self._parts)) for part in range(1, self._parts + 1)
        ]
        local.fund(self._spender.signer.address, native="2", usdc="0")
        self._branches.mine(self._policy.depth())
        self.depth = self._depth()

    def _depth(self) -> int:
        """How many blocks the policy waits for on this node, whose pending block is its head."""
        if self._policy.tag:
            return self._branches.depth_of(self._policy.tag)
        return 0 if self._policy.is_instant else self._policy.depth()

    def _show(self, plot: Plot, till: Payee) -> int:
        """What is served on the way; the payee is asked whenever it could see something new."""
        delivered = 0
        if plot.in_pool or plot.shown:
            self._branches.submit(self._spender.deposit)
        if plot.in_pool:
            delivered += self._ask(till)
        for block in range(plot.shown):
            self._branches.mine()
            delivered += self._ask(till)
            if delivered == self.price.units:
                self._branches.mine(plot.shown - block - 1)
                break
        return delivered

    def _ask(self, till: Payee) -> int:
        """What it serves now, as a payer asks for it who presents one voucher after the other."""
        served = 0
        for voucher in self._vouchers:
            try:
                added = till.accept(voucher).added
            except _NOT_YET:
                break
            if added:
                till.deliver(voucher.channel, added, key=str(voucher.voucher.cumulative_amount))
                served += added.units
        return served

    def _overtake(self, plot: Plot) -> None:
        if not plot.rival:
            return
        if plot.shown:
            self._branches.replace(plot.shown, self._spender.instead)
        else:
            self._branches.drop(self._spender.deposit)
            self._branches.submit(self._spender.instead)
        self._branches.mine(plot.rival - plot.shown)

    def close(self) -> None:
        """Ends the connection; the ground is its owner's."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()


class _Clock:
    """Passes so fast that the payee looks at the chain whenever it is asked."""

    def __init__(self) -> None:
        self._now = 0

    def __call__(self) -> float:
        self._now += _REFRESH
        return self._now
