"""Code that tokens and conditions turn into once they have been trusted."""

from chain import LocalChain, Signer, Token
from chain.contracts import TEST_TOKEN, init_code
from chain.create2 import PROXY, address_of, call_data
from chain.units import Hash32

BURNS = bytes.fromhex("fe")
"""All the gas that it is given."""
BURNS_IN_BLOCKS = bytes.fromhex("3a600e57600160005260206000f35bfe")
"""It answers 1 where gas is free, as in a simulation, and burns what it is given where it is not."""
RELEASES_ITS_GAS = bytes.fromhex("5a60005260206000f3")
"""It answers how much gas is left."""
RELEASES_IN_SIMULATIONS = bytes.fromhex("3a1560005260206000f3")
"""It answers whether gas is free."""


def another_token(chain: LocalChain, deployer: Signer, number: int = 0) -> Token:
    """A test token like the one that is there."""
    creation, salt = init_code(TEST_TOKEN), Hash32(number.to_bytes(32, "big"))
    chain.execute(deployer, PROXY, call_data(creation, salt))
    return chain.token(address_of(creation, salt))


def reverts_with(data: bytes) -> bytes:
    """Code that reverts with `data`, of at most 255 bytes."""
    size = bytes([len(data)])
    return b"\x60" + size + bytes.fromhex("600c60003960") + size + bytes.fromhex("6000fd") + data
