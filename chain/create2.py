"""One address on every chain: the deterministic deployment proxy puts contracts there, with CREATE2 (EIP-1014)."""

from chain.keccak import keccak
from chain.units import Address, Hash32, address

PROXY = Address("0x4e59b44847b379578588920cA78FbF26c0B4956C")
PROXY_CODE = bytes.fromhex(
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0"
    "3601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3"
)
"""Takes salt and creation code, answers the 20 bytes of the new address; reverts where something lives already."""
SALT = Hash32(b"earnest".ljust(32, b"\0"))


def address_of(init_code: bytes, salt: Hash32 = SALT, creator: Address = PROXY) -> Address:
    """Where the proxy puts a contract; `init_code` is its creation code with the encoded constructor arguments."""
    place = bytes.fromhex(creator[2:])
    return address(keccak(b"\xff" + place + salt + keccak(init_code))[12:])


def first_child(creator: Address) -> Address:
    """Where a contract puts what it creates first, by CREATE in its constructor: its nonce is 1 then (EIP-161)."""
    return address(keccak(b"\xd6\x94" + bytes.fromhex(creator[2:]) + b"\x01")[12:])


def call_data(init_code: bytes, salt: Hash32 = SALT) -> bytes:
    """What to send to the proxy to create the contract."""
    return salt + init_code
