import subprocess
import sys

import pytest

import earnest

LATER = ("web3", "eth_abi", "eth_account", "eth_tester", "eth", "solcx", "typer")


def modules_after(statement: str) -> set[str]:
    """What a fresh interpreter has imported."""
    program = f"import sys\n{statement}\nprint(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(ended.stdout.split())


@pytest.mark.parametrize("name", earnest.__all__)
def test_every_name_of_the_face_is_there(name: str) -> None:
    assert getattr(earnest, name) is not None


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Escrows"):
        earnest.Escrows  # noqa: B018


def test_the_face_lists_its_names() -> None:
    assert dir(earnest) == sorted(earnest.__all__)
    assert len(set(earnest.__all__)) == len(earnest.__all__)


def test_importing_the_face_imports_nothing_else() -> None:
    assert not modules_after("import earnest") & {*LATER, "chain", "escrow", "channels", "deploy"}


@pytest.mark.parametrize("names", ["Money, Signer, Token", "Payer, Payee, Voucher, SignedVoucher", "EarnestError"])
def test_a_paying_client_does_not_wait_for_web3(names: str) -> None:
    assert not modules_after(f"from earnest import {names}") & {"web3", "eth_tester", "eth"}


def test_errors_and_deploying_do_not_wait_for_web3() -> None:
    assert not modules_after("from earnest import deploy, errors") & {"web3", "eth_tester", "eth", "solcx"}
