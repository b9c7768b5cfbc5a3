"""Random conditions and proofs on twins and contracts: both release the same, within the stated gas."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chain import contracts
from chain.units import NOBODY
from escrow import conditions as c
from tests.conformance.condition_facts import JudgingEvm, facts_at
from tests.conformance.condition_trees import AMOUNT, NOW, SUBJECT, WALLET, broken, shown_to, trees

_BASE_GAS, _ZERO_GAS, _BYTE_GAS = 21_000, 4, 16


class Bench(JudgingEvm):
    """The contracts, a wallet and a feed."""

    def released(self, condition: c.Condition, shown: bytes, gas: int) -> int:
        """As the escrow asks: a call that fails releases nothing, too much is clipped."""
        entry = contracts.interface(condition.contract).function("released", 4)
        data = entry.call_data([SUBJECT.id, AMOUNT, condition.data, shown])
        before = _BASE_GAS + _ZERO_GAS * data.count(0) + _BYTE_GAS * (len(data) - data.count(0))
        try:
            answer = self._evm.message_call(NOBODY, condition.address, calldata=data, gas=before + gas, is_static=True)
        except RuntimeError:
            return 0
        return min(int.from_bytes(answer, "big"), AMOUNT)


FACTS = facts_at(NOW)


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench([], 0, "Escrow", NOW)


@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(data=st.data())
def test_twin_and_contract_release_the_same_within_the_stated_gas(bench: Bench, data: st.DataObject) -> None:
    condition = data.draw(trees())
    shown = data.draw(broken(shown_to(condition)))

    said = c.Proof(condition, shown).released(SUBJECT.id, AMOUNT, FACTS)

    assert bench.released(condition, shown, 300_000) == said
    if len(shown) <= condition.longest_proof and WALLET not in getattr(condition, "signers", ()):
        assert bench.released(condition, shown, condition.gas) == said
