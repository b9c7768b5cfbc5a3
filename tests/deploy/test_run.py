import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from chain import Chain, Signer
from chain.contracts import CORE, address_of, init_code
from chain.create2 import PROXY, PROXY_CODE, call_data
from chain.errors import NotSent
from chain.keccak import keccak
from chain.testing.anvil import find
from deploy import CodeMismatch, ProxyMissing, plan, run, verify
from deploy.record import load
from tests.deploy.sites import Site

RICH = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
"""Anvil's first account, which everybody knows."""


def test_a_run_deploys_and_verifies_every_contract_at_its_usual_address(site: Site) -> None:
    record = run(plan(site.chain), site.deployer)

    assert verify(site.chain) == {name: address_of(name) for name in CORE}
    assert [(name, at.address) for name, at in record.contracts.items()] == [(name, address_of(name)) for name in CORE]
    assert record.chain_id == site.chain.chain_id
    assert all(at.init_code_hash == keccak(init_code(name)) for name, at in record.contracts.items())
    for deployed in record.contracts.values():
        assert deployed.transaction is not None
        assert site.chain.wait(deployed.transaction).block_number == deployed.block


def test_a_second_run_sends_nothing_and_remembers_the_first(site: Site, tmp_path: Path) -> None:
    first = run(plan(site.chain), site.deployer, tmp_path)
    money = site.chain.balance(site.chain.native, site.deployer.address)

    assert run(plan(site.chain), site.deployer, tmp_path) == first
    assert site.chain.balance(site.chain.native, site.deployer.address) == money


def test_an_old_plan_deploys_nothing_twice(site: Site) -> None:
    old = plan(site.chain)
    run(old, site.deployer)

    again = run(old, site.deployer)

    assert all(deployed.transaction is None for deployed in again.contracts.values())


@pytest.mark.parametrize("done", range(len(CORE) + 1))
def test_a_run_that_died_is_taken_up_where_it_stopped(site: Site, tmp_path: Path, done: int) -> None:
    for name in islice(CORE, done):
        site.chain.execute(site.deployer, PROXY, call_data(init_code(name)))

    record = run(plan(site.chain), site.deployer, tmp_path)

    assert [at.transaction is None for at in record.contracts.values()] == [n < done for n in range(len(CORE))]
    assert load(tmp_path, site.chain.chain_id) == record


def test_the_record_is_kept_after_each_contract(site: Site, tmp_path: Path) -> None:
    site.set_code(address_of("HashLock"), b"\x01")

    with pytest.raises(CodeMismatch):
        run(plan(site.chain), site.deployer, tmp_path)

    assert list(load(tmp_path, site.chain.chain_id).contracts) == ["Escrow", "VoucherChannels", "DuplexChannels"]


def test_a_chain_that_is_not_ours_must_have_the_proxy(public_site: Site) -> None:
    public_site.set_code(PROXY, b"")

    with pytest.raises(ProxyMissing) as refusal:
        run(plan(public_site.chain), public_site.deployer)

    assert refusal.value.facts == {"chain_id": public_site.chain.chain_id, "address": PROXY}


def test_a_deployer_without_money_is_told_so(site: Site) -> None:
    poor = Signer.generate()

    with pytest.raises(NotSent) as refusal:
        run(plan(site.chain), poor)

    assert refusal.value.account == poor.address
    assert len(plan(site.chain).missing) == len(CORE)


@pytest.fixture
def chain_without_proxy() -> Iterator[Chain]:
    command = [find(), "--host", "127.0.0.1", "--port", "0", "--disable-default-create2-deployer"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as anvil:
        assert anvil.stdout
        listening = next(line for line in anvil.stdout if line.startswith("Listening on "))
        with Chain.connect("local", rpc=[f"http://{listening.split()[-1]}"]) as chain:
            yield chain
        anvil.terminate()
        anvil.stdout.read()


@pytest.mark.anvil
def test_a_local_chain_without_the_proxy_gets_it_by_its_own_presigned_transaction(chain_without_proxy: Chain) -> None:
    chain = chain_without_proxy
    assert not plan(chain).proxy_there

    record = run(plan(chain), Signer.from_key(RICH))

    assert chain.code(PROXY, as_of="latest") == PROXY_CODE
    assert [deployed.address for deployed in record.contracts.values()] == [address_of(name) for name in CORE]
    assert run(plan(chain), Signer.from_key(RICH)).contracts.keys() == record.contracts.keys()
