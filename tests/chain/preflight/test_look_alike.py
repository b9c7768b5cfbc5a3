from hypothesis import assume, given
from hypothesis import strategies as st

from chain.preflight.addresses import RULES, Names
from chain.preflight.look_alike import look_alike
from chain.preflight.rule import findings
from chain.units import Address, address
from tests.chain.preflight.planned import names, planned

addresses = st.binary(min_size=20, max_size=20).map(address)
shown = st.integers(3, 8)


def ends(of: Address, digits: int, middle: bytes) -> Address:
    """An address that begins and ends as `of`, with another middle."""
    return address("0x" + of[2 : 2 + digits].lower() + middle.hex()[digits:-digits] + of[-digits:].lower())


@given(addresses, addresses, shown)
def test_an_address_is_never_a_look_alike_of_itself(one: Address, other: Address, digits: int) -> None:
    assert not look_alike(one, one, digits)
    assert look_alike(one, other, digits) == look_alike(other, one, digits)


@given(addresses, st.binary(min_size=20, max_size=20), shown)
def test_a_planted_address_is_always_found(known: Address, middle: bytes, digits: int) -> None:
    planted = ends(known, digits, middle)
    assume(planted != known)

    found = findings(RULES, Names(payment=planned(payee=planted), known=frozenset({known}), shown_digits=digits))

    assert look_alike(planted, known, digits)
    assert [each.facts for each in found if each.name == "LookAlike"] == [{"party": planted, "of": known}]


@given(addresses, shown, st.booleans(), st.data())
def test_one_digit_less_at_either_end_is_no_look_alike(
    known: Address, digits: int, first: bool, data: st.DataObject
) -> None:
    digits_of = list(known[2:].lower())
    place = digits - 1 if first else 40 - digits
    digits_of[place] = data.draw(st.sampled_from("0123456789abcdef".replace(digits_of[place], "")))

    assert not look_alike(address("0x" + "".join(digits_of)), known, digits)


@given(addresses, st.binary(min_size=20, max_size=20))
def test_a_known_address_is_trusted_whatever_it_looks_like(known: Address, middle: bytes) -> None:
    other = ends(known, 4, middle)
    case = Names(payment=planned(payee=known), known=frozenset({known, other}))

    assert "LookAlike" not in names(findings(RULES, case))
