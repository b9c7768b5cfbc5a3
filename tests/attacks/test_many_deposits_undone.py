"""One reorganisation undoes every deposit of its window, so a sum that is spread over many payments is one risk."""

import pytest

from chain import Amount, Chain, LocalChain, Seconds, Signer
from chain.finality import Finality
from chain.testing.branches import Branches
from channels import Lanes, Limits, MemoryStore, Payee
from channels.errors import DepositNotFinal, NotOpen, TokenRefused
from channels.exposure import OverLimit
from earnest.cli.lab.ground import Ground
from earnest.cli.lab.spender import Spender

pytestmark = pytest.mark.anvil

ETHER = 10**18
DAY = Seconds(86_400)


class Crowd:
    """One attacker with five lanes of one ether each, all opened in one block."""

    def __init__(self, local: LocalChain, chain: Chain, shop: Signer) -> None:
        lanes = Lanes(chain, shop)
        self._spenders = [Spender(lanes.domain, shop.address, DAY, Amount(ETHER)) for _ in range(5)]
        for spender in self._spenders:
            local.fund(spender.signer.address, native="2", usdc="0")

    def deposit(self, branches: Branches) -> None:
        for spender in self._spenders:
            branches.submit(spender.deposit)
        branches.mine()

    def undo(self, branches: Branches, depth: int) -> None:
        branches.replace(depth, *[spender.instead for spender in self._spenders])

    def take(self, till: Payee) -> int:
        """What the payee serves of all that it is asked for, in wei."""
        served = 0
        for spender in self._spenders:
            voucher = spender.voucher(Amount(ETHER))
            try:
                served += till.accept(voucher).added.units
            except (NotOpen, DepositNotFinal, OverLimit):
                continue
            till.deliver(voucher.channel, till.chain.native("1"), key="goods")
        return served


@pytest.mark.parametrize(
    ("staked", "at_risk", "depth", "served"),
    [("1", None, 6, 1), ("5", None, 6, 5), ("1", "5", 7, 5), ("1", "50", 10, 5)],
)
def test_a_payee_serves_no_more_than_its_depth_was_chosen_for(
    ground: Ground, staked: str, at_risk: str | None, depth: int, served: int
) -> None:
    local, shop, now = ground.local(40), Signer.generate(), [0.0]
    policy, branches = Finality.risk(0.1, 1e-3, stake=local.native(staked)), ground.branches
    limits = Limits(at_risk=local.native(at_risk)) if at_risk else ()
    with (
        Chain.connect("local", [local.serve()], finality=policy) as chain,
        Payee(chain, shop, MemoryStore(), limits=limits, clock=lambda: now[0]) as till,
    ):
        crowd = Crowd(local, chain, shop)
        branches.mine(depth)
        crowd.deposit(branches)
        branches.mine(depth - 2)
        assert crowd.take(till) == 0, "one block too early"
        branches.mine()
        now[0] += 31
        assert crowd.take(till) == served * ETHER
        crowd.undo(branches, depth)
        now[0] += 31
        assert crowd.take(till) == 0


def test_under_a_stake_no_other_token_is_taken(ground: Ground) -> None:
    """Sums of two tokens can't be added, so nothing would bound their risk together."""
    local, shop = ground.local(0), Signer.generate()
    for staked, error in ((local.native("1"), NotOpen), (local.token("USDC")("1"), TokenRefused)):
        with (
            Chain.connect("local", [local.serve()], finality=Finality.risk(stake=staked)) as chain,
            Payee(chain, shop, MemoryStore()) as till,
            pytest.raises(error),
        ):
            till.accept(Spender(Lanes(chain, shop).domain, shop.address, DAY, Amount(1)).voucher(Amount(1)))
