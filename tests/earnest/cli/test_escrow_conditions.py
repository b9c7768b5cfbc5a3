import hashlib
import io
import json
import sys
from pathlib import Path

import pytest

from chain import Signer
from chain.contracts import init_code
from chain.create2 import PROXY, address_of, call_data
from chain.hash_chain import Ticks
from chain.units import Hash32
from earnest.testing.keys import secret_of
from escrow import conditions as c
from escrow.conditions.errors import NotASigner
from escrow.errors import NothingReleased
from tests.earnest.cli.bench import ADDRESS, HELD, Bench

PREIMAGE = bytes(range(32))
DIGEST = hashlib.sha256(PREIMAGE).hexdigest()
LOCK = ("hash-lock", "--sha256", "0x" + DIGEST)
TWO = ("approvals", "--of", ADDRESS["payer"], "--of", ADDRESS["payee"], "--of", ADDRESS["arbiter"], "--threshold", "2")
ROUND = ("--phase", "1", "--within", "1h")
LINE = ("--none-at", "-5", "--all-at", "100")


def built(bench: Bench, *words: str, out: str = "condition.json") -> None:
    assert bench.tries("payer", "escrow", "condition", *words, "--out", out).code == 0


def held(bench: Bench, *words: str) -> None:
    """120 USDC under the condition that these words build."""
    built(bench, *words)
    terms = (*HELD, "--condition", "condition.json", "--out", "deal.json")
    bench.does("payer", "escrow", "terms", "conditional", *terms)
    bench.moves("payer", "authorize", "deal.json", "--accept", "payee-and-operator-prove")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (LOCK, c.hash_lock(sha256=bytes.fromhex(DIGEST))),
        (("hash-lock", "--keccak", "0x" + DIGEST), c.hash_lock(keccak=bytes.fromhex(DIGEST))),
        (("hash-chain", "--anchor", "0x" + DIGEST, "--each", "7"), c.hash_chain(anchor=bytes.fromhex(DIGEST), each=7)),
        (("after", "--time", "2027-01-31T12:00"), c.after_time(1_801_396_800)),
        (
            ("vesting", "--start", "1800000000", "--end", "1900000000", "--cliff", "1850000000"),
            c.vesting(start=1_800_000_000, end=1_900_000_000, cliff=1_850_000_000),
        ),
        (TWO, c.approvals(2, of=[ADDRESS["payer"], ADDRESS["payee"], ADDRESS["arbiter"]])),
        (
            ("attestation", "--by", ADDRESS["arbiter"], "--says", "delivered"),
            c.attestation(by=ADDRESS["arbiter"], says="delivered"),
        ),
        (
            ("price-feed", "--feed", ADDRESS["arbiter"], *ROUND, "--time", "1800000000", *LINE),
            c.price_feed(ADDRESS["arbiter"], phase=1, time=1_800_000_000, within=3_600, none_at=-5, all_at=100),
        ),
    ],
)
def test_a_condition_is_the_one_that_the_library_builds(
    bench: Bench, words: tuple[str, ...], expected: c.Condition
) -> None:
    printed = bench.tries("payer", "escrow", "condition", *words).out
    built(bench, *words)

    assert json.loads(printed) == json.loads(Path("condition.json").read_text()) == expected.to_json()


@pytest.mark.parametrize(
    ("words", "build"),
    [
        (("all-of",), c.all_of),
        (("any-of",), c.any_of),
        (("at-least", "--threshold", "2"), lambda *parts: c.at_least(2, *parts)),
    ],
)
def test_conditions_are_combined_from_files(bench: Bench, words: tuple[str, ...], build: object) -> None:
    built(bench, *LOCK, out="lock.json")
    built(bench, *TWO, out="two.json")

    built(bench, *words, "lock.json", "two.json")

    parts = [c.Condition.from_json(json.loads(Path(name).read_text())) for name in ("lock.json", "two.json")]
    assert callable(build)
    assert json.loads(Path("condition.json").read_text()) == build(*parts).to_json()


def test_a_file_that_is_there_is_not_written_over(bench: Bench) -> None:
    built(bench, *LOCK)

    again = bench.tries("payer", "escrow", "condition", *TWO, "--out", "condition.json")

    assert again.code == 2
    assert "condition.json is there already" in again.err


def test_approvals_release_what_was_said_before_any_gas(bench: Bench) -> None:
    held(bench, *TWO)
    for who, up_to in (("payer", "50"), ("arbiter", "40")):
        bench.does(who, "escrow", "condition", "approve", "deal.json", "--up-to", up_to, "--out", f"{who}.json")
    one = ("escrow", "condition", "proof", "deal.json", "--word", "payer.json")
    assert "releases 0 USDC of 120 USDC" in bench.does("stranger", *one, "--out", "one.json")
    words = ("--word", "payer.json", "--word", "arbiter.json")

    said = bench.does("stranger", "escrow", "condition", "proof", "deal.json", *words, "--out", "proof.json")
    bench.refused("stranger", NothingReleased, "escrow", "resolve", "deal.json", "--proof", "one.json", "--yes")
    done = bench.moves("stranger", "resolve", "deal.json", "--proof", "proof.json")

    assert "The proof releases 40 USDC of 120 USDC in all" in said
    assert "40 USDC would go to the payee" in said
    assert done["moved"] == {"to the payee": bench.usdc("40").to_json()}


def test_each_part_of_a_tree_gets_what_it_asks_for(bench: Bench) -> None:
    built(bench, *LOCK, out="lock.json")
    built(bench, "attestation", "--by", ADDRESS["arbiter"], "--says", "delivered", out="word.json")
    built(bench, *TWO, out="two.json")
    built(bench, "all-of", "lock.json", "word.json", out="both.json")
    held(bench, "any-of", "both.json", "two.json")
    attest = ("escrow", "condition", "attest", "deal.json", "--says", "delivered", "--share", "25%")
    said = bench.does("arbiter", *attest, "--out", "attested.json")

    done = bench.moves(
        "stranger", "resolve", "deal.json", "--word", "attested.json", "--preimage", "0x" + PREIMAGE.hex()
    )

    assert '"delivered", to 25 %' in said
    assert done["moved"] == {"to the payee": bench.usdc("30").to_json()}


def test_words_go_to_the_parts_that_ask_for_them(bench: Bench) -> None:
    for number, signers in enumerate((("payer",), ("payee", "arbiter"))):
        named = [word for who in signers for word in ("--of", ADDRESS[who])]
        built(bench, "approvals", *named, "--threshold", str(len(signers)), out=f"a{number}.json")
        named = [word for who in signers for word in ("--by", ADDRESS[who])]
        built(bench, "attestation", *named, "--says", f"fact {number}", out=f"w{number}.json")
    held(bench, "at-least", "--threshold", "3", "a0.json", "a1.json", "w0.json", "w1.json")
    words = []
    for who, fact in (("payer", "fact 0"), ("payee", "fact 1"), ("arbiter", "fact 1")):
        bench.does(who, "escrow", "condition", "approve", "deal.json", "--out", f"{who}-approves.json")
        attest = ("escrow", "condition", "attest", "deal.json", "--says", fact, "--share", "50%")
        bench.does(who, *attest, "--out", f"{who}-attests.json")
        words += ["--word", f"{who}-approves.json", "--word", f"{who}-attests.json"]

    done = bench.moves("stranger", "resolve", "deal.json", *words)

    assert done["moved"] == {"to the payee": bench.usdc("60").to_json()}


def test_whose_word_is_asked_on_several_statements_says_which(bench: Bench) -> None:
    for says in ("packed", "sent"):
        built(bench, "attestation", "--by", ADDRESS["arbiter"], "--says", says, out=f"{says}.json")
    held(bench, "all-of", "packed.json", "sent.json")
    attest = ("escrow", "condition", "attest", "deal.json", "--network", "local", "--out", "word.json")

    assert bench.tries("arbiter", *attest).code == 2
    assert bench.tries("arbiter", *attest, "--says", "sent").code == 0
    assert bench.tries("arbiter", *attest, "--says", "lost").code != 0


def test_ticks_release_their_value(bench: Bench) -> None:
    ticks = Ticks(Hash32(PREIMAGE), 100)
    held(bench, "hash-chain", "--anchor", "0x" + ticks.anchor.hex(), "--each", "1000000")

    done = bench.moves("stranger", "resolve", "deal.json", "--tip", f"0x{ticks.tip(3).hex()}:3")

    assert done["moved"] == {"to the payee": bench.usdc("3").to_json()}


def test_a_feeds_rounds_are_read_and_kept_in_the_proof(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    chain, keeper = bench.chain, Signer(secret_of("stranger"))
    feed, time = address_of(init_code("TestFeed")), chain.after(hours=2)
    chain.execute(keeper, PROXY, call_data(init_code("TestFeed")))
    first = 1 << 64
    for number, price, updated in ((first + 1, 10, time - 60), (first + 2, 75, time + 60)):
        chain.send(keeper, "TestFeed", "set", number, price, updated, number, at=feed)
    line = ("--none-at", "0", "--all-at", "100")
    held(bench, "price-feed", "--feed", feed, "--phase", "1", "--time", str(time), "--within", "1h", *line)
    proof = ("escrow", "condition", "proof", "deal.json", "--round", str(first + 2), "--out", "proof.json")

    said = bench.does("stranger", *proof)
    kept = json.loads(Path("proof.json").read_text())
    Path("blind.json").write_text(json.dumps(kept | {"rounds": []}))
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    asked = bench.tries("stranger", "escrow", "resolve", "deal.json", "--proof", "blind.json", "--network", "local")
    done = bench.moves("stranger", "resolve", "deal.json", "--proof", "proof.json")

    assert "The proof releases 90 USDC" in said
    assert "The proof releases 90 USDC" in asked.out, "where the twin can't see it, the chain is asked"
    assert len(kept["rounds"]) == 2
    assert done["moved"] == {"to the payee": bench.usdc("90").to_json()}


def test_who_is_not_asked_can_not_vouch(bench: Bench) -> None:
    held(bench, *TWO)

    for verb in ("approve", "attest"):
        bench.refused("stranger", NotASigner, "escrow", "condition", verb, "deal.json", "--out", "word.json")


def test_without_a_condition_there_is_nothing_to_prove(bench: Bench) -> None:
    bench.purchased()

    ended = bench.tries("payer", "escrow", "resolve", "deal.json", "--network", "local", "--yes")

    assert ended.code == 2
    assert "deal.json has no condition for payment" in ended.err
