"""Proofs: what is shown to a condition, put together from what its parts ask for, and read back from a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chain.errors import Malformed
from chain.member import unhex
from chain.units import address, hash32
from earnest.cli.escrow.desk import Desk
from earnest.cli.escrow.dossier import read_json
from escrow import conditions as c
from escrow.journal.strict_json import members

if TYPE_CHECKING:
    from chain import Chain

FEED = "TestFeed"
"""The name under which any feed can be asked: a test feed has the interface of AggregatorV3."""
Word = c.SignedApproval | c.SignedAttestation


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the condition is shown; what time alone releases needs nothing."""

    words: Annotated[
        list[Path],
        typer.Option(
            "--word", metavar="FILE", exists=True, dir_okay=False, help="An approval or attestation; repeat it."
        ),
    ] = field(default_factory=list)
    preimages: Annotated[list[str], typer.Option("--preimage", metavar="HEX", help="Of a hash lock.")] = field(
        default_factory=list
    )
    tips: Annotated[
        list[str], typer.Option("--tip", metavar="HEX:TICKS", help="Of a hash chain: a link and its distance.")
    ] = field(default_factory=list)
    rounds: Annotated[
        list[int], typer.Option("--round", metavar="ID", help="The round of a price feed that counts.")
    ] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A condition, and what it is asked about."""

    chain: "Chain"
    condition: c.Condition
    subject: c.Subject


def condition_of(desk: Desk) -> c.Condition:
    """The one that the terms fix, which only the file knows in full."""
    if desk.part.condition is None:
        raise typer.BadParameter(f"{desk.path} has no condition for {desk.part.name}")
    return desk.part.condition


def asked_of(desk: Desk) -> Asked:
    """The terms' condition, about the payment."""
    return Asked(chain=desk.chain, condition=condition_of(desk), subject=c.Subject.of(desk.payment))


def leaves(condition: c.Condition) -> Iterator[c.Condition]:
    """The conditions that it comes down to, each once."""
    if not condition.children:
        yield condition
    yield from dict.fromkeys(leaf for child in condition.children for leaf in leaves(child))


def assembled(asked: Asked, shown: Shown) -> c.Proof:
    """A proof for the whole condition; a part for which nothing is shown releases what it releases by itself."""
    root, words = asked.condition, [read_word(path) for path in shown.words]
    proofs = [proof for leaf in leaves(root) for proof in _of_leaf(asked, leaf, shown, words)]
    if isinstance(root, c.Combinator):
        return root.proof(*proofs)
    return proofs[0] if proofs else c.Proof(root, root.nothing_shown)


def read_word(path: Path) -> Word:
    """From `condition approve` or `condition attest`. Raises `InvalidValue`."""
    data = read_json(path)
    message = data.get("message") if isinstance(data, Mapping) else None
    approves = isinstance(message, Mapping) and "amount" in message
    return c.SignedApproval.from_json(data) if approves else c.SignedAttestation.from_json(data)


def proof_json(proof: c.Proof) -> dict[str, Any]:
    """With the rounds that the twin needs."""
    rounds = [{name: str(value) for name, value in asdict(found).items()} for found in proof.rounds]
    return {"condition": proof.condition.to_json(), "shown": "0x" + proof.shown.hex(), "rounds": rounds}


def read_proof(path: Path) -> c.Proof:
    """The inverse of `proof_json`. Raises `InvalidValue`."""
    found = members("proof", read_json(path), "condition", "shown", "rounds")
    if not isinstance(found["rounds"], list):
        raise Malformed("rounds", "they are no list")
    rounds = tuple(map(_round, found["rounds"]))
    return c.Proof(c.Condition.from_json(found["condition"]), unhex("shown", found["shown"]), rounds)


def _of_leaf(asked: Asked, leaf: c.Condition, shown: Shown, words: Sequence[Word]) -> Iterator[c.Proof]:
    match leaf:
        case c.AfterTime() | c.Vesting():
            yield leaf.proof()
        case c.HashLock():
            yield from _first(asked, leaf, (leaf.proof(unhex("preimage", text)) for text in shown.preimages))
        case c.HashChain():
            yield from _first(asked, leaf, (leaf.proof(*_tip(text)) for text in shown.tips))
        case c.Approvals():
            yield leaf.proof(
                word for word in words if isinstance(word, c.SignedApproval) and word.signer in leaf.signers
            )
        case c.Attestation():
            yield leaf.proof(
                word for word in words if isinstance(word, c.SignedAttestation) and _attests(asked, leaf, word)
            )
        case c.PriceFeed():
            yield from _first(asked, leaf, (_by_round(asked.chain, leaf, number) for number in shown.rounds))
        case _:
            pass


def _first(asked: Asked, leaf: c.Condition, tried: Iterator[c.Proof]) -> Iterator[c.Proof]:
    """The first that releases anything by the condition's twin; what fits none of its kind is for another."""
    facts = c.Facts(chain_id=asked.chain.chain_id, now=asked.chain.now())
    for proof in tried:
        if proof.released(asked.subject.id, asked.subject.amount, facts):
            yield proof
            return


def _attests(asked: Asked, leaf: c.Attestation, word: c.SignedAttestation) -> bool:
    about = asked.subject.id if not any(leaf.about) else leaf.about
    said = (word.message.statement, word.message.about)
    return word.signer in leaf.signers and said == (leaf.statement, about)


def _tip(text: str) -> tuple[bytes, int]:
    link, _, ticks = text.partition(":")
    if not ticks.isdecimal():
        raise typer.BadParameter(f"write a tip as HEX:TICKS, not {text!r}")
    return hash32("tip", unhex("tip", link)), int(ticks)


def _by_round(chain: "Chain", leaf: c.PriceFeed, number: int) -> c.Proof:
    return leaf.proof(_asked(chain, leaf, number), _asked(chain, leaf, number - 1))


def _asked(chain: "Chain", leaf: c.PriceFeed, number: int) -> c.Round:
    _, answer, _, updated_at, answered_in = chain.call(FEED, "getRoundData", number, at=leaf.feed, as_of="latest")
    return c.Round(feed=leaf.feed, round_id=number, answer=answer, updated_at=updated_at, answered_in=answered_in)


def _round(data: object) -> c.Round:
    found = members("round", data, "feed", "round_id", "answer", "updated_at", "answered_in")
    try:
        numbers = {name: int(found[name]) for name in found if name != "feed"}
    except (TypeError, ValueError):
        raise Malformed("round", "its numbers are not decimal") from None
    return c.Round(feed=address(found["feed"]), **numbers)
