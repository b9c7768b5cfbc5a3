import pytest

from chain.errors import OutOfRange
from chain.units import Address, Amount
from channels.errors import TokenRefused
from channels.watchtower.errors import ClientRefused, DepositTooSmall, OverQuota
from channels.watchtower.quota import Quota
from channels.watchtower.rates import Rates

ANN, BEN, USDC, OTHER = (Address("0x" + digits * 20) for digits in ("11", "22", "33", "44"))


def test_a_tower_may_work_for_some_clients_only() -> None:
    Quota().require_client(ANN)
    quota = Quota(clients=frozenset([ANN]))
    quota.require_client(ANN)
    with pytest.raises(ClientRefused):
        quota.require_client(BEN)


@pytest.mark.parametrize(("deposit", "least", "taken"), [(0, 0, False), (1, 0, True), (9, 10, False), (10, 10, True)])
def test_a_deposit_must_be_worth_guarding(deposit: int, least: int, taken: bool) -> None:
    quota = Quota(deposits={USDC: Amount(least)})
    if taken:
        quota.require_deposit(USDC, deposit)
        return
    with pytest.raises(DepositTooSmall):
        quota.require_deposit(USDC, deposit)


@pytest.mark.parametrize(
    ("quota", "taken"),
    [
        (Quota(), [USDC]),
        (Quota(deposits={OTHER: Amount(5)}), [USDC, OTHER]),
        (Quota(clients=frozenset([ANN])), [USDC, OTHER]),
    ],
)
def test_strangers_bring_known_tokens_only(quota: Quota, taken: list[Address]) -> None:
    for token in (USDC, OTHER):
        if token in taken:
            quota.require_token(token, {USDC})
            continue
        with pytest.raises(TokenRefused):
            quota.require_token(token, {USDC})


@pytest.mark.parametrize(("acts", "taken"), [(8, False), (9, True)])
def test_records_never_use_up_what_an_end_needs(acts: int, taken: bool) -> None:
    if taken:
        assert Quota(acts=acts).records == 1
        return
    with pytest.raises(OutOfRange):
        Quota(acts=acts)


@pytest.mark.parametrize(
    ("acts", "proofs", "taken"),
    [(1, True, True), (2, True, False), (2, False, True), (9, False, True), (10, False, False)],
)
def test_what_could_not_be_done_is_not_taken(acts: int, proofs: bool, taken: bool) -> None:
    quota = Quota(acts=10)
    if taken:
        quota.require_acts(acts, proofs=proofs)
        return
    with pytest.raises(OverQuota):
        quota.require_acts(acts, proofs=proofs)


@pytest.mark.parametrize(("rows", "of_client", "taken"), [(9, 2, True), (10, 2, False), (9, 3, False)])
def test_there_is_room_for_so_many(rows: int, of_client: int, taken: bool) -> None:
    quota = Quota(rows=10, rows_per_client=3)
    if taken:
        quota.require_room(rows, of_client)
        return
    with pytest.raises(OverQuota):
        quota.require_room(rows, of_client)


def test_a_burst_is_taken_then_so_many_a_second() -> None:
    rates = Rates("jobs", each=2, burst=3)
    for _ in range(3):
        rates.take(b"ann", 10.0)
    with pytest.raises(OverQuota):
        rates.take(b"ann", 10.0)
    rates.take(b"ben", 10.0)
    rates.take(b"ann", 10.5)
    with pytest.raises(OverQuota):
        rates.take(b"ann", 10.5)


def test_a_clock_that_goes_back_gives_nothing() -> None:
    rates = Rates("jobs", each=1, burst=1)
    rates.take(b"ann", 10.0)
    for at in (5.0, 9.0, 5.5):
        with pytest.raises(OverQuota):
            rates.take(b"ann", at)
