"""`earnest escrow panel`: k of n arbiters, whose members sign rulings apart."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chain.errors import Malformed
from chain.units import address, uint
from earnest.cli.escrow.consent import describe
from earnest.cli.escrow.desk import working
from earnest.cli.escrow.disputes import ToPayee, payee_part
from earnest.cli.escrow.dossier import create as create_file
from earnest.cli.escrow.dossier import read_json
from earnest.cli.escrow.options import Keyed, Out, Signing, Yes
from earnest.cli.escrow.spread import command
from earnest.cli.options import connected, signer_of
from escrow import MemberSignature, messages
from escrow.journal.strict_json import members as only
from escrow.signed_consent import SignedConsent

if TYPE_CHECKING:
    from escrow import ArbiterPanel

group = typer.Typer(help="Let k of n arbiters rule with one voice.", no_args_is_help=True)

PanelFile = Annotated[
    Path, typer.Option("--panel", metavar="FILE", exists=True, dir_okay=False, help="From `panel new`.")
]
Words = Annotated[
    list[Path],
    typer.Option("--word", metavar="FILE", exists=True, dir_okay=False, help="From `panel sign`; one a member."),
]


@command(group)
def new(
    *,
    members: Annotated[list[str], typer.Option("--member", metavar="ADDRESS", help="Who decides; repeat it.")],
    threshold: Annotated[int, typer.Option(metavar="COUNT", min=1, help="How many of them are enough.")],
    out: Out,
) -> None:
    """Write down a panel, and say its address for the terms."""
    from escrow import ArbiterPanel

    panel = ArbiterPanel(members=tuple(map(address, members)), threshold=threshold)
    create_file(out, {"members": list(panel.members), "threshold": panel.threshold})
    typer.echo(panel.address)


@command(group)
def create(*, panel: PanelFile, options: Keyed, yes: Yes = False) -> None:
    """Make the panel on a chain, so that it can rule; anybody may."""
    from escrow import Panels

    found, signer = read_panel(panel), signer_of(options.keystore, options.keyring)
    with connected(options.network, options.rpc) as chain:
        if not yes:
            typer.confirm(f"Make the panel {found.address} from {signer.address}?", abort=True)
        typer.echo(f"The panel is at {Panels(chain, signer).create(found)}")


@command(group)
def sign(*, options: Signing, panel: PanelFile, to_payee: ToPayee, out: Out) -> None:
    """Sign, as a member, how the hold is split in this dispute."""
    with working(options) as desk:
        consent = desk.escrow.ruling(desk.known, payee_part(desk, to_payee))
        word = read_panel(panel).sign(consent.message, consent.payment.domain, desk.signer)
        create_file(out, word.to_json())
        typer.echo(json.dumps({"file": str(out)}) if options.as_json else f"Written to {out}")


@command(group)
def ruling(*, options: Signing, panel: PanelFile, words: Words, out: Out) -> None:
    """Put members' words together: a ruling to `submit`."""
    with working(options) as desk:
        found = read_panel(panel)
        given = [MemberSignature.from_json(messages.Ruling, read_json(path)) for path in words]
        signature = found.signature(given)
        consent = SignedConsent(payment=desk.payment, message=given[0].message).vouched(found.address, signature)
        create_file(out, consent.to_json())
        lines = [*describe(desk, consent), f"Written to {out}"]
        typer.echo(json.dumps({"file": str(out)}) if options.as_json else "\n".join(lines))


def read_panel(path: Path) -> "ArbiterPanel":
    """Raises `InvalidValue`, and what `ArbiterPanel` raises."""
    from escrow import ArbiterPanel

    found: Any = only("panel", read_json(path), "members", "threshold")
    if not isinstance(found["members"], list):
        raise Malformed("members", "they are no list")
    threshold = uint("threshold", found["threshold"], 8)
    return ArbiterPanel(members=tuple(map(address, found["members"])), threshold=threshold)
