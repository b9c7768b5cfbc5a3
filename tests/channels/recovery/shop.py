"""A shop with lanes in every state, what its payers have handed it, and what is due to it in truth."""

import sqlite3
from collections.abc import Iterable
from contextlib import ExitStack, closing
from copy import copy
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from chain import LocalChain, Signer
from chain.copies import Copy
from channels import Lanes, Payee, Payer, SignedVoucher, SqliteStore, WalletLane
from channels.recovery import PayeeReport
from channels.recovery.sync.payee import PayeeRecovery
from escrow.conditions import hash_lock

HOUR = timedelta(hours=1)
PREIMAGE = b"\7" * 32
LOCK = hash_lock(sha256=sha256(PREIMAGE).digest())
NAMES = ("fresh", "paid", "claimed", "closing", "reopened", "proven", "reserved")


class Shop:
    """`due` is what the newest voucher of each lane still brings, in base units, by its name."""

    def __init__(self, chain: LocalChain, folder: Path, ends: ExitStack) -> None:
        self.chain, self.usdc, self.folder = chain, chain.token("USDC"), folder
        self.signer, self.ann, self.ben = Signer.generate(), Signer.generate(), Signer.generate()
        for party in (self.signer, self.ann, self.ben):
            chain.fund(party.address)
        self.lanes = Lanes(chain, self.signer)
        self.till = ends.enter_context(Payee(chain, self.signer, folder / "till.db", refresh=timedelta()))
        self.wallets = [ends.enter_context(Payer(chain, one, folder / name)) for name, one in self._payers()]
        self.opened: dict[str, WalletLane] = {}
        self.vouchers: dict[str, list[SignedVoucher]] = {name: [] for name in NAMES}
        self.due = dict.fromkeys(NAMES, 0)

    def again(self, folder: Path, ends: ExitStack) -> "Shop":
        """The same shop with stores of its own, for one test; its till is lost."""
        shop = copy(self)
        for name in ("0.db", "1.db", "backup.db"):
            back_up(self.folder / name, folder / name)
        shop.folder = folder
        shop.wallets = [
            ends.enter_context(Payer(self.chain, one, SqliteStore(folder / name, restored=True)))
            for name, one in self._payers()
        ]
        shop.opened, shop.due = dict(self.opened), dict(self.due)
        shop.vouchers = {name: list(those) for name, those in self.vouchers.items()}
        return shop

    def open(self, name: str, deposit: str = "10") -> WalletLane:
        salt = NAMES.index(name)
        lane = self._wallet(name).open(self.signer.address, self.usdc(deposit), HOUR, salt=salt)
        self.opened[name] = lane
        return lane

    def pays(self, name: str, amount: str, *, accepted: bool = True) -> SignedVoucher:
        """A voucher, which is kept by the till unless it got lost on its way."""
        voucher = self._wallet(name).pay(self.opened[name], self.usdc(amount))
        if accepted:
            self.till.accept(voucher)
        self.vouchers[name].append(voucher)
        self.due[name] += self.usdc(amount).units
        return voucher

    def claims(self, name: str) -> None:
        self.due[name] -= sum(money.units for money in self.till.claim(self.opened[name]).paid)

    def promises(self, name: str, amount: str) -> SignedVoucher:
        """For the preimage, within both windows; it is due once that is shown."""
        voucher = self._wallet(name).promise(
            self.opened[name], self.usdc(amount), LOCK, self.chain.after(hours=1, minutes=45)
        )
        self.till.accept(voucher)
        self.vouchers[name].append(voucher)
        self.due[name] += self.usdc(amount).units
        return voucher

    def proves(self, name: str) -> None:
        (promise,) = self.till.promises(self.opened[name])
        self.till.prove(self.opened[name], promise, LOCK, PREIMAGE)

    def in_every_state(self) -> None:
        """All but `fresh` and `paid` have a past; a backup is taken before the last payments."""
        for name in NAMES:
            self.open(name)
        self.pays("paid", "1")
        self.pays("claimed", "3")
        self.claims("claimed")
        self.pays("closing", "4")
        self.pays("reopened", "2")
        self._end("reopened")
        self.open("reopened", "8")
        self.pays("reopened", "1.5")
        self.pays("proven", "1")
        self.promises("proven", "3")
        self.proves("proven")
        self._reserve()
        back_up(self.folder / "till.db", self.folder / "backup.db")
        self.pays("paid", "2")
        self.pays("claimed", "2")
        self.pays("reopened", "0.25")
        self._wallet("closing").request_close(self.opened["closing"])

    def copies(self, *names: str) -> list[Copy]:
        """The payers' newest vouchers."""
        return [Copy(what=self.vouchers[name][-1], source="payers", line=1) for name in names if self.vouchers[name]]

    def recovery(self, from_block: int = 0) -> PayeeRecovery:
        return PayeeRecovery(self.lanes, self.signer.address, from_block=from_block)

    def report(self, *, backup: Path | None = None, copies: Iterable[Copy] = ()) -> PayeeReport:
        recovery = self.recovery()
        if backup is None:
            return recovery.report(copies=copies)
        till = SqliteStore(backup, restored=True).till(self.lanes.domain)
        try:
            return recovery.report(backup=till, copies=copies)
        finally:
            till.close()

    def has(self) -> int:
        return self.chain.balance(self.usdc, self.signer.address).units

    def name_of(self, lane_id: bytes) -> str:
        return next(name for name, lane in self.opened.items() if lane.id == lane_id)

    def by_name(self, report: PayeeReport) -> dict[str, tuple[int, int]]:
        """Recovered, and at most lost."""
        return {self.name_of(row.channel.id): (row.recovered, row.at_most_lost) for row in report.lanes}

    def new_till(self, name: str = "rebuilt.db") -> tuple[Path, Payee]:
        path = self.folder / name
        return path, Payee(self.chain, self.signer, SqliteStore(path, restored=True), refresh=timedelta())

    def _payers(self) -> tuple[tuple[str, Signer], ...]:
        return ("0.db", self.ann), ("1.db", self.ben)

    def _wallet(self, name: str) -> Payer:
        return self.wallets[NAMES.index(name) % 2]

    def _end(self, name: str) -> None:
        self.till.close(self.opened[name])
        self.due[name] = 0
        self.vouchers[name].clear()

    def _reserve(self) -> None:
        """Closed by the payer with a promise outstanding, for which the shop has had money kept."""
        name = "reserved"
        voucher = self.promises(name, "2")
        lane = self.opened[name]
        self._wallet(name).request_close(lane)
        self.lanes.claim(voucher)
        self.proves(name)
        self.chain.travel(to=self.chain.after(hours=1))
        self._wallet(name).withdraw(lane)


def back_up(store: Path, to: Path) -> None:
    """As the database itself does it, and without the mark."""
    with closing(sqlite3.connect(store)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
