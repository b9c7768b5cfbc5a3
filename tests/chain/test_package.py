import json
import subprocess
import sys

import pytest

import chain

HEAVY = ["web3", "eth_account", "eth_abi", "eth_utils", "eth_tester", "requests", "aiohttp", "keyring"]


def loaded_by(code: str) -> set[str]:
    """Which of the heavy libraries a fresh interpreter has loaded after `code`."""
    program = f"{code}\nimport json, sys; print(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("package", ["chain", "channels", "escrow"])
def test_an_import_brings_no_web3(package: str) -> None:
    assert not {"web3", "eth_account", "eth_tester"} & loaded_by(f"import {package}")


def test_the_ground_floor_alone_is_light() -> None:
    assert loaded_by("import chain") == set()


def test_a_payer_signs_and_checks_without_web3() -> None:
    assert (
        loaded_by(
            "from chain import Domain, Signer, Token, NOBODY\n"
            "signer = Signer.generate(); signer.sign_digest(bytes(32)); Domain(1, NOBODY)"
        )
        == set()
    )


def test_reaching_a_real_chain_needs_no_test_chain() -> None:
    assert "eth_tester" not in loaded_by("from chain import AsyncChain, Chain; Chain.connect")


@pytest.mark.parametrize("name", chain.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(chain, name) is not None


def test_other_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="Chian"):
        _ = chain.Chian
