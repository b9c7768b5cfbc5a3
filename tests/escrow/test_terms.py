import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import InvalidValue, Malformed, NotAnAddress, OutOfRange, WrongLength
from chain.typed_data import Domain
from chain.units import Address
from escrow import Terms

_SOURCE = Path(__file__).parents[2] / "contracts" / "types" / "Terms.sol"


def _json() -> st.SearchStrategy[dict[str, str]]:
    def value(kind: str) -> st.SearchStrategy[str]:
        if kind.startswith("uint"):
            return st.integers(0, 2 ** int(kind[4:]) - 1).map(str)
        size = 20 if kind == "address" else 32
        return st.binary(min_size=size, max_size=size).map(lambda raw: "0x" + raw.hex())

    return st.fixed_dictionaries({member.camel: value(member.kind) for member in Terms.members})


def test_the_type_string_is_the_one_the_contract_hashes() -> None:
    hashed = re.search(r'"(Terms\([^"]*)"', _SOURCE.read_text())

    assert hashed is not None
    assert Terms.type_string == hashed[1]


@given(data=_json())
def test_any_terms_come_back_from_json_as_they_were(data: dict[str, str]) -> None:
    terms = Terms.from_json(data)

    assert Terms.from_json(terms.to_json()) == terms


@given(data=_json(), other=_json(), member=st.sampled_from([member.camel for member in Terms.members]))
def test_every_member_changes_the_payment_id(data: dict[str, str], other: dict[str, str], member: str) -> None:
    domain = Domain(31337, Address("0x" + "11" * 20))
    terms, changed = Terms.from_json(data), Terms.from_json(data | {member: other[member]})

    assert (terms.payment_id(domain) == changed.payment_id(domain)) == (terms == changed)


def test_the_payment_id_is_bound_to_chain_and_contract(agree: Callable[..., Terms]) -> None:
    here, there = Address("0x" + "11" * 20), Address("0x" + "22" * 20)
    domains = [Domain(1, here), Domain(2, here), Domain(1, there)]

    assert len({agree().payment_id(domain) for domain in domains}) == 3


@pytest.mark.parametrize(
    ("member", "value", "error"),
    [
        ("payer", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", None),
        ("payer", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", NotAnAddress),
        ("payer", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", Malformed),
        ("payer", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeA", NotAnAddress),
        ("amount", 2**96 - 1, None),
        ("amount", 2**96, OutOfRange),
        ("amount", -1, OutOfRange),
        ("amount", 1.0, OutOfRange),
        ("amount", True, OutOfRange),
        ("authorization_expiry", 2**48 - 1, None),
        ("authorization_expiry", 2**48, OutOfRange),
        ("ruling_period", 2**32, OutOfRange),
        ("fee_bps", 2**16, OutOfRange),
        ("flags", 2**8, OutOfRange),
        ("salt", 2**96, OutOfRange),
        ("condition_hash", bytes(31), WrongLength),
    ],
)
def test_a_member_is_checked_at_birth(
    agree: Callable[..., Terms], member: str, value: Any, error: type[InvalidValue] | None
) -> None:
    if error is None:
        assert getattr(agree(**{member: value}), member) == value
    else:
        with pytest.raises(error):
            agree(**{member: value})


@pytest.mark.parametrize(
    "change",
    [{"surplus": "1"}, {"amount": 5}, {"amount": "05"}, {"amount": "1e3"}, {"amount": "-1"}, {"conditionHash": "0x12"}],
)
def test_json_that_is_not_exactly_terms_is_refused(agree: Callable[..., Terms], change: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        Terms.from_json(agree().to_json() | change)


def test_json_without_a_member_is_refused(agree: Callable[..., Terms]) -> None:
    data = agree().to_json()
    del data["arbiter"]

    with pytest.raises(Malformed):
        Terms.from_json(data)
