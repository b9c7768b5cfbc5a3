"""`recover escrow`: payments that name an account, and their terms."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from chain.units import address
from earnest.cli.options import connected
from earnest.cli.recover.options import Searching
from earnest.cli.recover.telling import Shape, short, tell, watched
from escrow import Payment, Terms
from escrow.dates import date
from escrow.journal.strict_json import parse

if TYPE_CHECKING:
    from chain import Token
    from escrow.recovery import RecoveredPayment

PartiesOnly = Annotated[
    bool, typer.Option("--parties-only", help="Don't look through others' payments for an operator or arbiter.")
]


def escrow(*, options: Searching, parties_only: PartiesOnly = False) -> None:
    """List open payments and what is surely ours; exit code 3 where terms are lost."""
    from chain import Signer
    from escrow import Escrow
    from escrow.recovery.sync.payments import EscrowRecovery

    copies, ignored = options.given(_read)
    with connected(options.network, options.rpc) as chain, watched() as say:
        client = Escrow(chain, Signer.generate())
        recovery = EscrowRecovery(client, address(options.account), from_block=options.from_block, progress=say)
        report = recovery.report(copies=copies, ignored=ignored, parties_only=parties_only)
        if not options.as_json:
            typer.echo(f"{len(report.payments)} payments are open, {report.ended} are over")
            if report.unread:
                typer.echo(f"Of {report.unread} payments of others nobody has the terms")
        tell(chain, options, report, SHAPE)


def _read(text: str) -> Terms | Payment:
    """Terms, or a payment as `escrow show` keeps it. Raises `InvalidValue`."""
    data: Any = parse("terms", text)
    return Payment.from_json(data) if isinstance(data, dict) and "paymentId" in data else Terms.from_json(data)


def _cells(row: "RecoveredPayment", token: "Token") -> tuple[str, ...]:
    roles = ", ".join(role.value for role in row.roles)
    phase, silent = row.phase.value if row.phase else "", token.units(row.if_silent).text
    return short(row.found.payment_id), roles, phase, ", ".join(row.mine()), silent


def _note(row: "RecoveredPayment") -> str:
    if row.payment is None:
        return "its terms are lost"
    return f"anybody may end it from {date(row.end)}" if row.end else ""


SHAPE = Shape(
    rows=lambda report: report.payments,
    columns=("payment", "as", "phase", "may now", "if nobody moves"),
    cells=_cells,
    note=_note,
)
