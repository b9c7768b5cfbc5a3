"""What `escrow terms` asks for, as the presets of `Terms` and `Agreement` take it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from earnest.cli.escrow.options import OnChain, Out
from earnest.cli.escrow.when import length, moment, split

if TYPE_CHECKING:
    from chain import Chain

Who = "payer, payee, or the payee's share as 25%"
Amount = Annotated[str, typer.Option("--amount", metavar="AMOUNT", help="In whole tokens, as 19.99.")]
TokenName = Annotated[str, typer.Option("--token", metavar="TOKEN", help="A symbol of the network, or an address.")]
Expiry = Annotated[
    str, typer.Option("--expiry", metavar="TIME", help="When the hold ends: a date, or a length as 14d.")
]
IfExpired = Annotated[str, typer.Option("--if-expired", metavar="WHO", help=f"Who gets the hold then: {Who}.")]
Operator = Annotated[str, typer.Option("--operator", metavar="ADDRESS", help="Who captures or gives back.")]
CaptureFrom = Annotated[
    str | None, typer.Option("--capture-from", metavar="TIME", help="When the operator's time begins.")
]
ConditionFile = Annotated[
    Path, typer.Option("--condition", metavar="FILE", exists=True, dir_okay=False, help="From `escrow condition`.")
]


@dataclass(frozen=True, kw_only=True)
class Drafting(OnChain):
    """What all terms have; what is not said is left to the preset."""

    payer: Annotated[str, typer.Option(metavar="ADDRESS", help="Who funds.")]
    payee: Annotated[str, typer.Option(metavar="ADDRESS", help="Who is owed.")]
    token: TokenName
    out: Out
    fund_by: Annotated[str | None, typer.Option(metavar="TIME", help="The last time to fund.")] = None
    refund_expiry: Annotated[str | None, typer.Option(metavar="TIME", help="Until when the payee may refund.")] = None
    fee_bps: Annotated[int, typer.Option(metavar="BPS", help="A fee, in hundredths of a percent.")] = 0
    fee_recipient: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Who gets the fee.")] = None
    as_json: Annotated[bool, typer.Option("--json", help="Answer with the findings in JSON.")] = False

    def members(self, chain: "Chain") -> dict[str, Any]:
        """As the presets take them; refused at once by the chain's time."""
        now = chain.now()
        times = {"fund_by": self.fund_by, "refund_expiry": self.refund_expiry}
        said: dict[str, Any] = {name: moment(text, now) for name, text in times.items() if text is not None}
        if self.fee_bps or self.fee_recipient:
            said |= {"fee_bps": self.fee_bps, "fee_recipient": self.fee_recipient}
        return {"payer": self.payer, "payee": self.payee, "now": now, **said}


@dataclass(frozen=True, kw_only=True)
class Judging:
    """An arbiter, its time and what its silence means."""

    arbiter: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Who splits the hold in a dispute.")] = None
    ruling_period: Annotated[str | None, typer.Option(metavar="LENGTH", help="The arbiter's time, as 7d.")] = None
    if_arbiter_silent: Annotated[
        str | None, typer.Option(metavar="WHO", help=f"Who gets a disputed hold that nobody rules on: {Who}.")
    ] = None

    def members(self) -> dict[str, Any]:
        """All three or none of them."""
        said = {
            "arbiter": self.arbiter,
            "ruling_period": self.ruling_period,
            "if_arbiter_silent": self.if_arbiter_silent,
        }
        missing = ["--" + name.replace("_", "-") for name, value in said.items() if value is None]
        if len(missing) == len(said):
            return {}
        if missing or self.ruling_period is None or self.if_arbiter_silent is None:
            raise typer.BadParameter(f"an arbiter needs {', '.join(missing)}, too")
        return said | {
            "ruling_period": length(self.ruling_period),
            "if_arbiter_silent": split(self.if_arbiter_silent),
        }
