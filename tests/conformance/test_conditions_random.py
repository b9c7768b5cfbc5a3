"""Random conditions and proofs on twins and contracts: both release the same, within the stated gas."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chain import contracts, create2
from chain.units import NOBODY
from escrow import conditions as c
from tests.conformance.condition_trees import AMOUNT, NOW, ROUNDS, SUBJECT, WALLET, broken, shown_to, trees
from tests.conformance.evm import Evm, pyrevm

YES = bytes.fromhex("631626ba7e60e01b60005260206000f3")
"""A wallet that answers isValidSignature's selector, whatever it is asked."""
_BASE_GAS, _ZERO_GAS, _BYTE_GAS = 21_000, 4, 16


class Wallets(frozenset[Any]):
    """What `WALLET` says yes to: everything."""

    def __contains__(self, asked: Any) -> bool:
        return bool(asked[0] == WALLET)


class Bench(Evm):
    """The contracts, a wallet and a feed."""

    def __init__(self) -> None:
        super().__init__([], 0, "Escrow", NOW)
        self._evm.insert_account_info(WALLET, pyrevm.AccountInfo(code=YES))
        feed = create2.call_data(contracts.init_code("TestFeed"))
        self._evm.message_call(NOBODY, create2.PROXY, calldata=feed)
        for found in ROUNDS.values():
            self.send(NOBODY, "TestFeed", "set", found.round_id, found.answer, found.updated_at, found.answered_in)

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


FACTS = c.Facts(
    chain_id=SUBJECT.chain_id,
    now=NOW,
    rounds={(found.feed, found.round_id): found for found in ROUNDS.values()},
    wallets=Wallets(),
)


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(data=st.data())
def test_twin_and_contract_release_the_same_within_the_stated_gas(bench: Bench, data: st.DataObject) -> None:
    condition = data.draw(trees())
    shown = data.draw(broken(shown_to(condition)))

    said = c.Proof(condition, shown).released(SUBJECT.id, AMOUNT, FACTS)

    assert bench.released(condition, shown, 300_000) == said
    if len(shown) <= condition.longest_proof and WALLET not in getattr(condition, "signers", ()):
        assert bench.released(condition, shown, condition.gas) == said
