"""The command."""

import json

import pytest
from typer.testing import CliRunner

from earnest.cli.app import app

pytestmark = pytest.mark.anvil


def lab(*words: str) -> tuple[int, str]:
    answer = CliRunner().invoke(app, ["lab", *words])
    return answer.exit_code, answer.stdout


def test_an_attack_is_told_in_numbers_beside_the_formula() -> None:
    code, said = lab("majority", "--depth", "3", "--trials", "2000", "--replayed", "6", "--json")
    facts = json.loads(said)

    assert code == 0
    assert (facts["attack"], facts["depth"], facts["trials"], facts["replayed"]) == ("majority", 3, 2000, 6)
    assert (facts["differing"], facts["finality"]) == (0, {"confirmations": 3})
    assert facts["formula"] == pytest.approx(0.01712)
    assert facts["nakamoto"] == pytest.approx(0.0131722, abs=1e-7)
    assert facts["interval"][0] <= facts["rate"] <= facts["interval"][1]
    assert facts["lost"]["text"] == f"{facts['successes']} ETH"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("race", "--finality", "instant"), ["the pool counts", "10 %"]),
        (("finney",), ["6 blocks deep", "0 succeed: 0 %", "0 ETH"]),
        (("vector76", "--finality", "finalized"), ["`finalized`", "3 deep", "no votes"]),
        (("majority", "--finality", "risk:0.3:0.001:nakamoto", "--attacker", "0.3"), ["24 blocks", "Nakamoto 2008"]),
    ],
)
def test_an_attack_is_told_to_people(words: tuple[str, ...], told: list[str]) -> None:
    code, said = lab(*words, "--trials", "300", "--replayed", "4")

    assert code == 0
    for text in told:
        assert text in " ".join(said.split())


@pytest.mark.parametrize("policy", ["soon", "risk:0.5", "risk:a:b", "risk:0.1:0.001:satoshi", "12"])
def test_a_policy_that_is_none_is_a_wrong_command(policy: str) -> None:
    assert lab("race", "--finality", policy)[0] == 2


@pytest.mark.parametrize("policy", ["risk:x", "risk:0.1:", "risk:0.1:0.001:rosenfeld:1"])
def test_a_risk_in_another_form_is_told_the_form(policy: str) -> None:
    answer = CliRunner().invoke(app, ["lab", "race", "--finality", policy])

    assert answer.exit_code == 2
    assert "a risk is risk:ATTACKER:ACCEPT or" in " ".join(answer.stderr.split())


def test_the_same_seed_draws_the_same() -> None:
    words = ("race", "--finality", "instant", "--trials", "100", "--replayed", "0", "--json")
    assert lab(*words) == lab(*words)
    assert lab(*words) != lab(*words, "--seed", "2")
