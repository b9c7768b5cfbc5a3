"""`recover payer`: what a payer must count as promised after the loss of its wallet."""

from typing import TYPE_CHECKING

from chain.units import address
from channels.wire import read_voucher
from earnest.cli.options import connected
from earnest.cli.recover.options import BackupFile, RebuiltFile, Searching, copied, copy_of
from earnest.cli.recover.telling import Shape, short, tell, watched
from escrow.dates import date

if TYPE_CHECKING:
    from chain import Token
    from channels.recovery import PaidLane


def payer(*, options: Searching, backup: BackupFile = None, rebuild: RebuiltFile = None) -> None:
    """List what lanes still hold; exit code 3 where nobody has shown the newest voucher."""
    from chain import Signer
    from channels import Lanes, SqliteStore
    from channels.recovery.sync.payer import PayerRecovery

    copies, ignored = options.given(read_voucher)
    with connected(options.network, options.rpc) as chain, copied(backup) as old, watched() as say:
        lanes = Lanes(chain, Signer.generate())
        recovery = PayerRecovery(lanes, address(options.account), from_block=options.from_block, progress=say)
        wallet = SqliteStore(old, restored=True).wallet(lanes.domain) if old else None
        try:
            report = recovery.report(backup=wallet, copies=copies, ignored=ignored)
        finally:
            if wallet:
                wallet.close()
        if rebuild:
            if old:
                copy_of(old, rebuild)
            new = SqliteStore(rebuild, restored=True).wallet(lanes.domain)
            try:
                recovery.rebuild(report, new)
            finally:
                new.close()
        tell(chain, options, report, SHAPE)


def _cells(row: "PaidLane", token: "Token") -> tuple[str, ...]:
    sums = (row.deposit, row.settled, row.at_most)
    return short(row.channel.id), row.channel.payee, str(row.epoch), *[token.units(sum_).text for sum_ in sums]


def _note(row: "PaidLane") -> str:
    parts = [] if row.is_usable or not row.is_open else ["pays no more before its payee shows its newest voucher"]
    parts += [f"the rest comes back from {date(row.until)}"] if row.until else []
    parts += [] if row.is_final else ["not final yet"]
    return "; ".join(parts)


SHAPE = Shape(
    rows=lambda report: report.lanes,
    columns=("lane", "payee", "epoch", "deposit", "settled", "known"),
    cells=_cells,
    note=_note,
)
