import pytest

from chain import artifact
from chain.contracts import CORE, address_of
from chain.keccak import keccak
from deploy import CodeMismatch, NotDeployed, plan, run, verify
from tests.deploy.sites import Site


def test_nothing_is_deployed_on_a_fresh_chain(site: Site) -> None:
    with pytest.raises(NotDeployed) as refusal:
        verify(site.chain)

    assert refusal.value.facts == {
        "contract": CORE[0],
        "address": address_of(CORE[0]),
        "chain_id": site.chain.chain_id,
    }


@pytest.mark.parametrize("name", CORE)
def test_every_contract_is_looked_for(site: Site, name: str) -> None:
    run(plan(site.chain), site.deployer)
    site.set_code(address_of(name), b"")

    with pytest.raises(NotDeployed) as refusal:
        verify(site.chain)

    assert refusal.value.contract == name


@pytest.mark.parametrize("position", [0, -1])
@pytest.mark.parametrize("name", CORE)
def test_one_byte_that_differs_is_found(site: Site, name: str, position: int) -> None:
    run(plan(site.chain), site.deployer)
    code = bytearray(site.chain.code(address_of(name)))
    code[position] ^= 1
    site.set_code(address_of(name), bytes(code))

    with pytest.raises(CodeMismatch) as refusal:
        verify(site.chain)

    compiled = artifact.load(name)
    assert refusal.value.facts == {
        "contract": name,
        "address": address_of(name),
        "expected": "0x" + keccak(compiled.runtime_code).hex(),
        "found": "0x" + keccak(compiled.without_immutables(bytes(code))).hex(),
    }


def test_longer_code_is_other_code(site: Site) -> None:
    run(plan(site.chain), site.deployer)
    site.set_code(address_of("HashLock"), site.chain.code(address_of("HashLock")) + b"\0")

    with pytest.raises(CodeMismatch):
        verify(site.chain)


def test_immutables_differ_from_chain_to_chain_and_are_left_out(site: Site) -> None:
    run(plan(site.chain), site.deployer)
    compiled, code = artifact.load("Escrow"), bytearray(site.chain.code(address_of("Escrow")))
    assert bytes(code) != compiled.runtime_code
    for part in compiled.immutable_references:
        code[part.start : part.start + part.length] = b"\xff" * part.length

    site.set_code(address_of("Escrow"), bytes(code))

    verify(site.chain)
