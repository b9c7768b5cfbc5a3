import pytest
from eth_utils.address import to_canonical_address, to_checksum_address
from eth_utils.crypto import keccak

from chain import Hash32, LocalChain, address
from chain.contracts import CORE, TEST_TOKEN, address_of, init_code
from chain.create2 import PROXY, PROXY_CODE, SALT, call_data, first_child
from chain.create2 import address_of as place_of


def test_the_proxy_is_the_one_that_is_on_every_chain(chain: LocalChain) -> None:
    """Anvil brings it; the embedded chain has ours."""
    assert chain._node.code(PROXY, "latest") == PROXY_CODE
    assert keccak(PROXY_CODE).hex() == "2fa86add0aed31f33a762c9d88e807c475bd51d0f52bd0955754b2608f7e4989"


@pytest.mark.parametrize("name", [*CORE, TEST_TOKEN])
def test_contracts_are_where_their_code_says(chain: LocalChain, name: str) -> None:
    assert chain.address_of(name) == place_of(init_code(name))
    assert chain._node.code(address_of(name), "latest")


def test_the_address_follows_proxy_salt_and_code() -> None:
    """EIP-1014: keccak256(0xff ++ deployer ++ salt ++ keccak256(init code))[12:]."""
    told = keccak(b"\xff" + to_canonical_address(PROXY) + SALT + keccak(b"\x60\x00"))[12:]

    assert place_of(b"\x60\x00") == str(to_checksum_address(told))
    assert place_of(b"\x60\x00", Hash32(bytes(32))) != place_of(b"\x60\x00") != place_of(b"\x60\x01")
    assert call_data(b"\x60\x00") == SALT + b"\x60\x00"


def test_another_creator_puts_the_same_code_elsewhere() -> None:
    """The second example of EIP-1014: salt zero, code 0x00, made by 0xdeadbeef00..."""
    creator = address("0xdeadbeef00000000000000000000000000000000")

    assert place_of(b"\0", Hash32(bytes(32)), creator) == "0xB928f69Bb1D91Cd65274e3c79d8986362984fDA3"


def test_a_contracts_first_child_has_the_nonce_one() -> None:
    """A known pair: CREATE hashes the RLP of creator and nonce."""
    creator = address("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0")

    assert first_child(creator) == address("0x343c43a37d37dff08ae8c4a11544c718abb4fcf8")
