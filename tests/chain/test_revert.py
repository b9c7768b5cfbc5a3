from collections.abc import Callable

import pytest
from eth_abi.abi import encode
from eth_tester.exceptions import TransactionFailed
from web3.exceptions import ContractCustomError, ContractLogicError, ContractPanicError

from chain import NOBODY, EarnestError, LocalChain, Signer, Token, address
from chain.errors import Reverted
from chain.keccak import keccak
from chain.refusals import (
    ERC20InsufficientAllowance,
    ERC20InsufficientBalance,
    InexactTransfer,
    NoCredit,
)
from chain.revert import data_in, error_from, error_of

PLACE = address("0x" + "ab" * 20)


def custom(signature: str, *values: object) -> bytes:
    kinds = signature[signature.index("(") + 1 : -1]
    return bytes(keccak(signature.encode())[:4]) + encode(kinds.split(",") if kinds else [], values)


INEXACT = custom("InexactTransfer(address,uint256,uint256)", PLACE, 98, 100)


def test_a_custom_error_is_the_leaf_of_its_name_with_its_facts() -> None:
    error = error_of(INEXACT)

    assert isinstance(error, InexactTransfer)
    assert error.facts == {"token": PLACE, "received": 98, "expected": 100}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "without a reason"),
        (b"\x01", "unknown error 0x01"),
        (b"\xde\xad\xbe\xef" + bytes(32), "unknown error 0xdeadbeef"),
        (custom("Error(string)", "no: too late"), "no: too late"),
        (custom("Panic(uint256)", 0x11), "panic 0x11: arithmetic overflow"),
        (custom("Panic(uint256)", 0x99), "panic 0x99: unknown"),
        (INEXACT[:-1], "InexactTransfer with unreadable facts"),
        (custom("ERC20InvalidReceiver(address)", NOBODY), f"ERC20InvalidReceiver({NOBODY})"),
        (custom("Error(string)", "x")[:40], "Error with unreadable facts"),
        (custom("Error(string)", "x").replace(b"x", b"\xff"), "Error with unreadable facts"),
    ],
)
def test_anything_else_is_reverted_with_its_reason_and_data(data: bytes, reason: str) -> None:
    error = error_of(data)

    assert isinstance(error, Reverted)
    assert (error.reason, error.data) == (reason, data)


@pytest.mark.parametrize(
    "exception",
    [
        ContractCustomError("0x" + INEXACT.hex(), data="0x" + INEXACT.hex()),
        ContractLogicError("execution reverted", data={"error": "revert", "return": "0x" + INEXACT.hex()}),
        ContractLogicError("execution reverted", data="Reverted 0x" + INEXACT.hex()),
        TransactionFailed(INEXACT),
        TransactionFailed(str(INEXACT)),
        TransactionFailed(f"execution reverted: {INEXACT!r}"),
        TransactionFailed(ValueError(INEXACT)),
    ],
    ids=["web3", "nested", "prefixed", "eth-tester bytes", "eth-tester text", "eth-tester sentence", "wrapped"],
)
def test_web3_and_eth_tester_tell_the_same_error(exception: Exception) -> None:
    assert error_from(exception).facts == error_of(INEXACT).facts


@pytest.mark.parametrize(
    "exception",
    [
        ContractLogicError("execution reverted", data="0x"),
        ContractLogicError("no reason"),
        TransactionFailed(),
        ValueError(7),
    ],
)
def test_an_exception_without_data_has_none(exception: Exception) -> None:
    assert data_in(exception) == b""


def test_a_panic_of_web3_keeps_its_code() -> None:
    panic = ContractPanicError("Panic error 0x11", data="0x" + custom("Panic(uint256)", 0x11).hex())

    assert str(error_from(panic)) == "reverted: panic 0x11: arithmetic overflow"


def test_both_chains_tell_the_same_errors(chain: LocalChain, funded: Callable[[], Signer], usdc: Token) -> None:
    """Once by a read, once by what the simulation of a transaction refuses."""
    ann, bob = funded(), funded()
    args = ann.address, bob.address, 5

    with pytest.raises(NoCredit) as credit:
        chain.send(ann, "Escrow", "withdrawCredit", usdc.address, bob.address)
    with pytest.raises(ERC20InsufficientAllowance) as allowance:
        chain.send(bob, "TestToken", "transferFrom", *args)
    with pytest.raises(ERC20InsufficientBalance) as balance:
        chain.transfer(ann, usdc("1000.000001"), bob.address)

    assert credit.value.facts == {"token": usdc.address, "owner": ann.address}
    assert allowance.value.facts == {"spender": bob.address, "allowance": 0, "needed": 5}
    assert balance.value.facts == {"sender": ann.address, "balance": 1_000_000_000, "needed": 1_000_000_001}
    with pytest.raises(ERC20InsufficientAllowance):
        chain.call("TestToken", "transferFrom", *args)


SELECTOR = custom("SafeERC20FailedOperation(address)", PLACE)[:4].hex()
REVERTS: dict[str, tuple[str, type[EarnestError]]] = {
    "no data": ("5f5ffd", Reverted),
    "one byte": ("60015f5360015ffd", Reverted),
    "invalid opcode": ("fe", EarnestError),
    "a known selector without facts": (f"63{SELECTOR}5f526004601cfd", Reverted),
}


@pytest.mark.parametrize("name", REVERTS)
def test_a_hostile_revert_is_still_a_typed_error(chain: LocalChain, ann: Signer, name: str) -> None:
    code, expected = REVERTS[name]
    chain.set_code(PLACE, bytes.fromhex(code))

    with pytest.raises(expected):
        chain.send(ann, "TestToken", "mint", ann.address, 1, at=PLACE)
    with pytest.raises(expected):
        chain.call("TestToken", "decimals", at=PLACE)
