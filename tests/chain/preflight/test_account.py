from typing import Any

import pytest

from chain.preflight.account import RULES, Account
from chain.preflight.rule import findings
from tests.chain.preflight.planned import ARBITER, ETH, PAYEE, names, planned

CODE = bytes.fromhex("6001")
DELEGATED = bytes.fromhex("ef0100" + "ab" * 20)
USED: dict[str, Any] = {"transactions": 7, "native": 1, "units": 0}


def found(payment: Any = None, code: bytes = b"", final: bytes | None = None, **said: Any) -> set[str]:
    account = Account(
        payment=payment or planned(),
        code={PAYEE: code},
        final_code={PAYEE: code if final is None else final},
        **{"takes_native": None, **USED, **said},
    )
    return names(findings(RULES, account))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"transactions": 0, "native": 0, "units": 0}, "FreshPayee"),
        ({"transactions": 1, "native": 0, "units": 0}, "EmptyPayee"),
        ({"transactions": 0, "native": 1, "units": 0}, None),
        ({"transactions": 0, "native": 0, "units": 1}, None),
        ({"transactions": 1, "native": 1, "units": 0}, None),
        ({"transactions": 1, "native": 0, "units": 1}, None),
    ],
)
def test_a_payee_is_fresh_empty_or_neither(said: dict[str, Any], name: str | None) -> None:
    assert found(**said) == ({name} if name else set())


def test_a_contract_is_neither_fresh_nor_empty() -> None:
    for transactions in (0, 1):
        assert found(code=CODE, transactions=transactions, native=0, units=0) == {"ContractAsPayee"}


def test_a_contract_is_asked_whether_it_takes_native_currency() -> None:
    native = planned(money=ETH("1"))

    assert found(native, code=CODE, takes_native=False) == {"ContractWithoutReceiver"}
    assert found(native, code=CODE, takes_native=True) == set()
    assert found(native, code=CODE, takes_native=None) == set()
    assert found(code=CODE) == {"ContractAsPayee"}


def test_delegated_code_is_told_by_its_first_bytes() -> None:
    assert found(code=DELEGATED) == {"DelegatedAccount"}
    assert found(code=b"\xef\x00\x00" + DELEGATED[3:]) == {"ContractAsPayee"}
    (finding,) = findings(
        RULES,
        Account(payment=planned(), code={PAYEE: DELEGATED}, final_code={PAYEE: DELEGATED}, takes_native=None, **USED),
    )
    assert finding.facts["delegate"] == "0x" + "ab" * 20


@pytest.mark.parametrize(("now", "final", "new"), [(CODE, b"", True), (CODE, CODE[:1], True), (CODE, CODE, False)])
def test_code_that_is_newer_than_the_final_block(now: bytes, final: bytes, new: bool) -> None:
    assert ("NotFinalYet" in found(code=now, final=final)) is new
    arbiter = Account(
        payment=planned(parties=(ARBITER,)),
        code={PAYEE: b"", ARBITER: now},
        final_code={ARBITER: final},
        takes_native=None,
        **USED,
    )
    assert [each.facts for each in findings(RULES, arbiter)] == ([{"party": ARBITER}] if new else [])
