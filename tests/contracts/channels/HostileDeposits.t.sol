// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {LaneWaysIn} from "../support/LaneWaysIn.sol";
import {vm} from "../support/Vm.sol";

/// @notice Tokens that break ERC-20's rules, on every way in: all or nothing, and never another lane's money.
contract HostileDepositsTest is LaneWaysIn {
    uint256 private constant MOODS = 16;

    uint256 private _held;
    uint256 private _payers;

    /// @dev Another lane's money lies there already.
    function setUp() public override {
        super.setUp();
        channel.periods += 1;
        open(DEPOSIT);
        channel.periods -= 1;
    }

    function takes(MoodyToken.Mood mood, WayIn way) private pure returns (bool) {
        bool bare = mood == MoodyToken.Mood.ANSWERS_SHORT || mood == MoodyToken.Mood.FALSE_MOVED;
        return mood == MoodyToken.Mood.PLAIN || mood == MoodyToken.Mood.ANSWERS_NOTHING
            || mood == MoodyToken.Mood.ANSWERS_HUGE || mood == MoodyToken.Mood.FEE_ON_TOP || (bare && byERC3009(way));
    }

    /// @dev The token moved something, or said so: the contract's own balance tells.
    function lies(MoodyToken.Mood mood, WayIn way) private pure returns (bool) {
        bool untrue = mood == MoodyToken.Mood.HALF_AND_FALSE || mood == MoodyToken.Mood.FALSE_UNMOVED
            || mood == MoodyToken.Mood.SHORT_UNMOVED;
        return mood == MoodyToken.Mood.TRUE_UNMOVED || mood == MoodyToken.Mood.FEE_ON_ARRIVAL
            || mood == MoodyToken.Mood.SHRINKS || mood == MoodyToken.Mood.GROWS || (untrue && byERC3009(way));
    }

    function attempt(address caller, bytes memory data) private returns (bool, bytes memory) {
        _held = moody.truth(address(channels));
        _payers = moody.truth(payer);
        vm.prank(caller);
        return address(channels).call{gas: 6_000_000}(data);
    }

    function assertTaken(WayIn way, bool taken) private view {
        uint256 amount = taken ? AMOUNT : 0;
        vm.assertEq(moody.truth(address(channels)), _held + amount, "held");
        uint256 fee = moody.mood() == MoodyToken.Mood.FEE_ON_TOP ? moody.FEE() : 0;
        vm.assertEq(moody.truth(payer), _payers - amount - fee, "the payer's");
        assertLane(amount + (topsUp(way) ? DEPOSIT : 0), 0, 0, 0);
    }

    function test_HostileDeposits_AreTakenAllOrNothingFromAnyToken() public {
        for (uint256 i = 0; i < WAYS; ++i) {
            WayIn way = WayIn(i);
            for (uint256 j = 0; j < MOODS; ++j) {
                MoodyToken.Mood mood = MoodyToken.Mood(j);
                uint256 state = vm.snapshotState();
                (address caller, bytes memory data) = bring(way);
                moody.be(mood);
                (bool success, bytes memory answer) = attempt(caller, data);
                vm.assertTrue(success == takes(mood, way), "taken");
                assertTaken(way, success);
                if (lies(mood, way)) {
                    vm.assertEq(bytes4(answer), IFunding.InexactTransfer.selector, "refused by name");
                }
                vm.revertToState(state);
            }
        }
    }

    function test_HostileDeposits_RevertWhen_TheTokenHidesItsBalances() public {
        for (uint256 i = 0; i < WAYS; ++i) {
            for (uint256 j = 0; j < 2; ++j) {
                uint256 state = vm.snapshotState();
                (address caller, bytes memory data) = bring(WayIn(i));
                moody.silence(j == 0, j == 1);
                (bool success, bytes memory answer) = attempt(caller, data);
                vm.assertTrue(!success, "taken without a look");
                bytes4 reason = j == 0 ? IFunding.TokenHasNoCode.selector : IFunding.InexactTransfer.selector;
                vm.assertEq(bytes4(answer), reason, "refused by name");
                assertTaken(WayIn(i), false);
                vm.revertToState(state);
            }
        }
    }

    function test_HostileDeposits_CountNoDonation() public {
        for (uint256 i = 0; i < WAYS; ++i) {
            uint256 state = vm.snapshotState();
            moody.mint(address(channels), AMOUNT);
            (address caller, bytes memory data) = bring(WayIn(i));
            (bool success,) = attempt(caller, data);
            vm.assertTrue(success, "refused after a donation");
            assertTaken(WayIn(i), true);
            vm.revertToState(state);
        }
    }

    function test_HostileDeposits_RevertWhen_ThePayerIsDenied() public {
        for (uint256 i = 0; i < WAYS; ++i) {
            uint256 state = vm.snapshotState();
            (address caller, bytes memory data) = bring(WayIn(i));
            moody.deny(payer, true);
            (bool success,) = attempt(caller, data);
            vm.assertTrue(!success, "taken from a denied payer");
            assertTaken(WayIn(i), false);
            vm.revertToState(state);
        }
    }
}
