import pytest

import channels.errors  # noqa: F401  # the leaves are found by name
import escrow.errors  # noqa: F401
from chain import EarnestError, artifact
from chain.contracts import CORE, ERC20, TEST_TOKEN, address_of, by_address, init_code, interface

OF_LIBRARIES = {  # OpenZeppelin's, which our contracts can't reach or can't be explained better than by their name
    "ECDSAInvalidSignature",
    "ECDSAInvalidSignatureLength",
    "ECDSAInvalidSignatureS",
    "ERC2612ExpiredSignature",
    "ERC2612InvalidSigner",
    "ERC20InvalidApprover",
    "ERC20InvalidReceiver",
    "ERC20InvalidSender",
    "ERC20InvalidSpender",
    "InvalidAccountNonce",
    "InvalidShortString",
    "StringTooLong",
}
ERRORS = {
    (entry.name, entry.names, entry.inputs) for name in (*CORE, TEST_TOKEN) for entry in interface(name).errors.values()
}
KINDS = {"address": {"Address", "str"}, "bytes32": {"Hash32", "bytes"}}


@pytest.mark.parametrize(("name", "names", "kinds"), sorted(ERRORS), ids=str)
def test_every_error_of_a_contract_has_its_twin(name: str, names: tuple[str, ...], kinds: tuple[str, ...]) -> None:
    """The same name, and as many facts of the same kind in the same order."""
    if name in OF_LIBRARIES:
        assert name not in EarnestError.by_name
        return
    fields = EarnestError.by_name[name].__dataclass_fields__.values()  # type: ignore[attr-defined]
    found = [getattr(field.type, "__name__", str(field.type)) for field in fields]

    assert len(found) == len(kinds)
    for kind, annotated in zip(kinds, found, strict=True):
        assert annotated in KINDS.get(kind, {"int", "Amount", "Seconds", "Bps", "bool"})


def test_the_core_contracts_are_found_by_name_and_by_address() -> None:
    assert by_address() == {address_of(name): name for name in CORE}
    assert len(by_address()) == len(CORE)
    assert TEST_TOKEN not in by_address().values()


def test_no_core_contract_takes_constructor_arguments() -> None:
    for name in (*CORE, TEST_TOKEN):
        constructors = [item for item in artifact.load(name).abi if item["type"] == "constructor"]
        assert all(not item["inputs"] for item in constructors)
        assert init_code(name)


def test_any_token_is_called_by_the_standard_alone() -> None:
    assert interface(ERC20).function("transfer", 2).outputs == ("bool",)
    assert [event.name for event in interface(ERC20).events.values()] == ["Approval", "Transfer"]
    with pytest.raises(EarnestError):
        interface(ERC20).function("mint", 2)
