"""Where a party works on one payment: the chain, its key, the agreement's file and the journal, all open."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chain import Money, Signer, Token
from chain.units import Address, Seconds
from earnest.cli.escrow import dossier, when
from earnest.cli.escrow.dossier import Dossier
from earnest.cli.escrow.options import Reading, Signing
from earnest.cli.options import connected, signer_of
from escrow import Payment
from escrow.agreement import Part
from escrow.conditions import Condition

if TYPE_CHECKING:
    from chain import Chain
    from escrow import Escrow


@dataclass(frozen=True, kw_only=True)
class Desk:
    """`part` is the one that is worked on, `payment` its newest state on the chain."""

    chain: "Chain"
    escrow: "Escrow"
    path: Path
    dossier: Dossier
    part: Part
    payment: Payment
    token: Token

    @property
    def signer(self) -> Signer:
        """Whose key it is."""
        return self.escrow.signer

    @property
    def known(self) -> Payment:
        """The payment that its party decides by: as the file has it, if it does."""
        return self.dossier.payments.get(self.part.name, self.payment)

    def money(self, text: str | None) -> Money | None:
        """An amount in whole tokens. Raises `TooPrecise`, `Malformed`."""
        return None if text is None else self.token(text)

    def time(self, text: str | None) -> Seconds | None:
        """A date, or a length from the chain's time."""
        return None if text is None else when.moment(text, self.chain.now())

    def wallets(self, *parties: Address) -> frozenset[Address]:
        """Those with code of their own: of what they sign only the chain can say whether it counts."""
        return frozenset(party for party in parties if self.chain.code(party, as_of="latest"))

    def keep(self, payment: Payment, condition: Condition | None = None) -> None:
        """Writes the newer state to the file, in one piece."""
        dossier.save(self.path, self.dossier.seen(self.part.name, payment, condition or self.part.condition))


@contextmanager
def reading(options: Reading) -> Iterator[Desk]:
    """Without a key of one's own: it can ask, and sign nothing that counts."""
    from escrow import Escrow

    with connected(options.network, options.rpc) as chain:
        found = dossier.load(options.file)
        yield _desk(Escrow(chain, Signer.generate()), options.file, found, found.part(options.part))


@contextmanager
def working(options: Signing, choose: Callable[[Dossier], Part] | None = None) -> Iterator[Desk]:
    """With a key; what it signs is in the journal before it leaves. `choose` finds the part, if not by its name."""
    from escrow import ConsentBook, Escrow, JournalFile

    found = dossier.load(options.file)
    part = choose(found) if choose else found.part(options.part)
    signer = signer_of(options.keystore, options.keyring)
    journals = options.journal or dossier.beside(options.file)
    with connected(options.network, options.rpc) as chain, JournalFile(journals) as journal:
        escrow = Escrow(chain, signer, ConsentBook(journal))
        desk = _desk(escrow, options.file, found, part)
        journal.open(desk.payment, part.condition)
        yield desk


def native_or_token(chain: "Chain", name: str) -> Token:
    """By symbol or address; the native currency by its symbol. Raises `UnknownToken`."""
    return chain.native if name == chain.native.symbol else chain.token(name)


def _desk(escrow: "Escrow", path: Path, found: Dossier, part: Part) -> Desk:
    token = escrow.chain.token(part.terms.token)
    payment = escrow.show(found.payments.get(part.name, part.terms), as_of="latest")
    return Desk(chain=escrow.chain, escrow=escrow, path=path, dossier=found, part=part, payment=payment, token=token)
