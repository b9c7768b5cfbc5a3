from chain.contracts import CORE, address_of, init_code
from chain.create2 import PROXY, call_data
from deploy import plan, run
from tests.deploy.sites import Site


def test_a_fresh_chain_misses_every_contract_and_the_plan_says_what_it_costs(site: Site) -> None:
    found = plan(site.chain)

    assert found.proxy_there
    assert [row.contract for row in found.missing] == list(CORE)
    assert found.gas == sum(row.gas or 0 for row in found.rows)
    assert all(row.gas and row.gas > 21_000 for row in found.rows)


def test_the_estimate_is_what_the_deployment_uses(site: Site) -> None:
    (escrow, *_) = plan(site.chain).rows

    receipt = site.chain.execute(site.deployer, PROXY, call_data(init_code("Escrow")))

    assert escrow.gas is not None
    assert receipt.gas_used <= escrow.gas <= receipt.gas_used * 1.05


def test_what_is_there_costs_nothing(site: Site) -> None:
    run(plan(site.chain), site.deployer)

    found = plan(site.chain)

    assert found.missing == ()
    assert found.gas == 0


def test_without_the_proxy_nobody_can_tell_what_the_contracts_cost(site: Site) -> None:
    site.set_code(PROXY, b"")

    found = plan(site.chain)

    assert not found.proxy_there
    assert found.gas is None
    assert [row.gas for row in found.rows] == [None] * len(CORE)


def test_planning_sends_nothing(site: Site) -> None:
    before = site.chain.balance(site.chain.native, site.deployer.address)

    plan(site.chain)

    assert site.chain.balance(site.chain.native, site.deployer.address) == before
    assert not any(site.chain.code(address_of(name)) for name in CORE)


def test_the_table_names_every_contract_with_its_address_and_its_gas(site: Site) -> None:
    site.chain.execute(site.deployer, PROXY, call_data(init_code("HashLock")))
    found = plan(site.chain)

    lines = str(found).splitlines()

    assert lines[0].split() == ["proxy", PROXY, "there"]
    assert [line.split()[:2] for line in lines[1:-1]] == [[name, address_of(name)] for name in CORE]
    assert lines[1].endswith(f"missing, {found.rows[0].gas:,} gas")
    assert lines[1 + CORE.index("HashLock")].endswith("there")
    assert lines[-1] == f"gas in all: {found.gas:,}"
