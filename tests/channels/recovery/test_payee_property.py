"""Whatever sources survive: recovered <= truth, truth - recovered <= at most lost, and nothing is claimed twice."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chain.copies import Copy
from tests.channels.recovery.shop import NAMES, Shop


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(survivors=st.fixed_dictionaries({name: st.integers(0, 7) for name in NAMES}), backup=st.booleans())
def test_what_is_recovered_and_what_is_lost_bound_the_truth(
    shop: Shop, survivors: dict[str, int], backup: bool
) -> None:
    """A bit of `survivors` stands for one voucher of a lane, newer or older."""
    moment = shop.chain.snapshot()
    copies = [
        Copy(what=voucher, source="payers", line=1)
        for name, bits in survivors.items()
        for at, voucher in enumerate(shop.vouchers[name])
        if bits >> at & 1
    ]
    report = shop.report(backup=shop.folder / "backup.db" if backup else None, copies=copies)
    found = shop.by_name(report)
    for name, due in shop.due.items():
        recovered, at_most_lost = found[name]
        assert recovered <= due <= recovered + at_most_lost
    before = shop.has()
    for _ in range(2):
        shop.recovery().claim(report)
    assert shop.has() - before == sum(recovered for recovered, _ in found.values())
    shop.chain.restore(moment)
