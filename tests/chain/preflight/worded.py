"""Contracts of a few instructions: to each function one word."""

from chain.keccak import keccak
from chain.units import Address

RETURN_TOP = bytes.fromhex("5f5260205ff3")
"""What is on the stack is the answer."""


def says(number: int) -> bytes:
    return b"\x7f" + number.to_bytes(32, "big") + RETURN_TOP


def whether_it_is(party: Address) -> bytes:
    """Compares the first argument."""
    return b"\x73" + bytes.fromhex(party[2:]) + bytes.fromhex("60043514") + RETURN_TOP


def takes_only_from(party: Address) -> bytes:
    """A contract that reverts for every other caller."""
    return b"\x73" + bytes.fromhex(party[2:]) + bytes.fromhex("3314601d575f5ffd5b00")


def contract(answers: dict[str, bytes]) -> bytes:
    """By signature what it answers; a call to anything else reverts."""
    table, bodies = bytes.fromhex("5f3560e01c"), b""
    start = len(table) + 11 * len(answers) + 3
    for signature, body in answers.items():
        place = (start + len(bodies)).to_bytes(2, "big")
        table += b"\x80\x63" + keccak(signature.encode())[:4] + b"\x14\x61" + place + b"\x57"
        bodies += b"\x5b" + body
    return table + bytes.fromhex("5f5ffd") + bodies


TOKEN = {
    "decimals()": says(6),
    "balanceOf(address)": says(10**12),
    "allowance(address,address)": says(0),
    "transfer(address,uint256)": says(1),
}
