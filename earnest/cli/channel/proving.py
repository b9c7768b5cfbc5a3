"""Proving a promise: its condition is asked by the twin before any gas, then by the contract."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chain import Token
from channels import Channel, DuplexChannel, Duplexes, DuplexPromise, Lanes, Promise, Recorded
from channels.promise import subject_of
from earnest.cli.answer import ask, done
from earnest.cli.channel.options import Acting
from earnest.cli.channel.saying import plain
from earnest.cli.escrow.proving import Asked, Shown, assembled
from earnest.cli.escrow.step import read_condition
from escrow.conditions import Facts, Proof, Subject


@dataclass(frozen=True, kw_only=True)
class Promised:
    """Which promise, in which epoch of which channel."""

    client: Lanes | Duplexes
    channel: Channel | DuplexChannel
    epoch: int
    promise: Promise | DuplexPromise

    @property
    def token(self) -> Token:
        """The channel's."""
        return self.client.chain.token(self.channel.token)

    def proof(self, condition: Path, shown: Shown) -> tuple[Proof, int]:
        """With what it releases by the twin, in base units."""
        chain, promise = self.client.chain, self.promise
        subject = Subject(
            chain_id=chain.chain_id,
            id=subject_of(self.client.domain, self.channel.id, self.epoch, promise.struct_hash()),
            amount=promise.amount,
            expiry=promise.expiry,
        )
        proof = assembled(Asked(chain=chain, condition=read_condition(condition), subject=subject), shown)
        facts = Facts(chain_id=chain.chain_id, now=chain.now())
        return proof, proof.released(subject.id, subject.amount, facts)


def prove(
    promised: Promised, condition: Path, shown: Shown, options: Acting, record: Callable[[Proof], Recorded]
) -> None:
    """Says what the proof would release, asks, records it and says what it has released."""
    proof, units = promised.proof(condition, shown)
    whole = promised.token.units(promised.promise.amount)
    lines = [f"The proof releases {promised.token.units(units)} of {whole}"]
    ask(promised.client.signer, lines, yes=options.yes, quiet=options.as_json)
    recorded = record(proof)
    facts = {"verb": "record", "recorded": plain(recorded)}
    done(facts, [f"Recorded: {recorded.released} of {whole}"], recorded.receipt, as_json=options.as_json)
