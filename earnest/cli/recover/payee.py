"""`recover payee`: what payers owe whose vouchers were kept in a till that is lost."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chain.units import address
from channels.wire import read_voucher
from earnest.cli.answer import ask, cost
from earnest.cli.escrow.options import Yes
from earnest.cli.options import Keyring, Keystore, connected, signer_of
from earnest.cli.recover.options import BackupFile, RebuiltFile, Searching, copied, copy_of
from earnest.cli.recover.telling import Shape, short, tell, token_of, watched
from escrow.dates import date

if TYPE_CHECKING:
    from chain import Token
    from channels import Claims, Lanes
    from channels.recovery import EarnedLane, PayeeReport
    from channels.recovery.sync.payee import PayeeRecovery

Claim = Annotated[bool, typer.Option("--claim", help="Claim what is recovered; anybody with a key may.")]


def payee(
    *,
    options: Searching,
    backup: BackupFile = None,
    rebuild: RebuiltFile = None,
    claim: Claim = False,
    keystore: Keystore = None,
    keyring: Keyring = None,
    yes: Yes = False,
) -> None:
    """List what vouchers still bring; exit code 3 where a newer one could have been worth more."""
    from chain import Signer
    from channels import Lanes
    from channels.recovery.sync.payee import PayeeRecovery

    signer = signer_of(keystore, keyring) if claim else Signer.generate()
    copies, ignored = options.given(read_voucher)
    with connected(options.network, options.rpc) as chain, copied(backup) as old, watched() as say:
        lanes = Lanes(chain, signer)
        recovery = PayeeRecovery(lanes, address(options.account), from_block=options.from_block, progress=say)
        store = _till(old, lanes)
        try:
            report = recovery.report(backup=store, copies=copies, ignored=ignored)
        finally:
            if store:
                store.close()
        _rebuild(recovery, report, lanes, old, rebuild)
        claims = _claim(recovery, report, options, yes=yes) if claim else None
        more: dict[str, Any] = {} if claims is None else {"claims": claims.to_json()}
        tell(chain, options, report, SHAPE, more=more)


def _till(path: Path | None, lanes: "Lanes") -> Any:
    from channels import SqliteStore

    return None if path is None else SqliteStore(path, restored=True).till(lanes.domain)


def _rebuild(
    recovery: "PayeeRecovery", report: "PayeeReport", lanes: "Lanes", old: Path | None, rebuild: Path | None
) -> None:
    """On top of a copy of the backup, for its history."""
    if rebuild is None:
        return
    if old:
        copy_of(old, rebuild)
    till = _till(rebuild, lanes)
    try:
        recovery.rebuild(report, till)
    finally:
        till.close()


def _claim(recovery: "PayeeRecovery", report: "PayeeReport", options: Searching, *, yes: bool) -> "Claims":
    chain = recovery.lanes.chain
    lines = [
        f"Claim {token_of(chain, row.token).units(row.recovered)} of channel {short(row.channel.id)}"
        for row in report.lanes
        if row.is_due
    ]
    ask(recovery.lanes.signer, lines, yes=yes or not lines, quiet=options.as_json)
    claims = recovery.claim(report)
    if not options.as_json:
        typer.echo("Moved: " + (", ".join(f"{money} to the payee" for money in claims.paid) or "nothing"))
        for skipped in claims.skipped:
            typer.echo(f"Skipped {short(skipped.lane_id)}: {skipped.why}")
        for line in (line for receipt in claims.receipts for line in cost(receipt)):
            typer.echo(line)
    return claims


def _cells(row: "EarnedLane", token: "Token") -> tuple[str, ...]:
    sums = (row.deposit, row.settled, row.accepted, row.best)
    return short(row.channel.id), row.channel.payer, str(row.epoch), *[token.units(sum_).text for sum_ in sums]


def _note(row: "EarnedLane") -> str:
    ends = f"claim before {date(row.until)}" if row.until else ""
    return ends if row.is_final else f"{ends}; not final yet".removeprefix("; ")


SHAPE = Shape(
    rows=lambda report: report.lanes,
    columns=("lane", "payer", "epoch", "deposit", "settled", "backup", "best voucher"),
    cells=_cells,
    note=_note,
)
