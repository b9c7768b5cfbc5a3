import pytest
from eth_utils.address import to_checksum_address
from hypothesis import given
from hypothesis import strategies as st

from chain import address
from chain.errors import NotAnAddress, OutOfRange, WrongLength
from chain.units import hash32, uint

EIP55 = [
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
]


@pytest.mark.parametrize("text", EIP55)
def test_an_address_has_its_checksum_whatever_form_it_came_in(text: str) -> None:
    for form in (text, text.lower(), "0x" + text[2:].upper(), bytes.fromhex(text[2:])):
        assert address(form) == text


@given(st.binary(min_size=20, max_size=20))
def test_the_checksum_is_the_one_of_eth_utils(raw: bytes) -> None:
    assert address(raw) == str(to_checksum_address(raw))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "0x",
        EIP55[0][2:],
        EIP55[0][:-1],
        EIP55[0] + "0",
        EIP55[0] + "\n",
        "0X" + EIP55[0][2:],
        "0x" + "g" * 40,
        "0x" + "１" * 40,
        EIP55[0].replace("A", "a", 1),
        bytes(19),
        bytes(21),
        0,
        None,
    ],
)
def test_what_is_no_address_is_refused(value: object) -> None:
    with pytest.raises(NotAnAddress) as caught:
        address(value)

    assert caught.value.value == value


def test_a_changed_digit_is_seen() -> None:
    with pytest.raises(NotAnAddress, match="EIP-55"):
        address(EIP55[0].replace("5a", "6a", 1))


@pytest.mark.parametrize(
    ("value", "fits"), [(0, True), (255, True), (256, False), (-1, False), (True, False), (1.0, False), ("1", False)]
)
def test_a_uint8_is_a_whole_number_from_0_to_255(value: object, fits: bool) -> None:
    if fits:
        assert uint("level", value, 8) == value
        return
    with pytest.raises(OutOfRange) as caught:
        uint("level", value, 8)
    assert (caught.value.name, caught.value.minimum, caught.value.maximum) == ("level", 0, 255)


@pytest.mark.parametrize("value", [b"", bytes(31), bytes(33), "0" * 32, None])
def test_a_hash_is_thirty_two_bytes(value: object) -> None:
    assert hash32("salt", bytes(32)) == bytes(32)
    with pytest.raises(WrongLength):
        hash32("salt", value)
