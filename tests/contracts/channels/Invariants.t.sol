// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneHandler} from "../support/LaneHandler.sol";
import {LanePromiseSteps} from "../support/LanePromiseSteps.sol";
import {vm} from "../support/Vm.sol";

contract VoucherChannelsInvariants {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    LaneHandler private _handler;

    function setUp() public {
        _handler = new LaneHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev What leads to a reserve, and what is done with it, stands here more than once.
    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[27] memory steps = [
            LaneHandler.fund.selector,
            LaneHandler.fund.selector,
            LaneHandler.fund.selector,
            LaneHandler.claimOne.selector,
            LaneHandler.claimAll.selector,
            LaneHandler.closeNow.selector,
            LaneHandler.askToClose.selector,
            LaneHandler.takeBack.selector,
            LaneHandler.withdraw.selector,
            LaneHandler.withdraw.selector,
            LaneHandler.replay.selector,
            LaneHandler.pass.selector,
            LaneHandler.spoil.selector,
            LaneHandler.collect.selector,
            LaneHandler.donate.selector,
            LanePromiseSteps.promiseAnew.selector,
            LanePromiseSteps.prove.selector,
            LanePromiseSteps.prove.selector,
            LanePromiseSteps.requestAndAnswer.selector,
            LanePromiseSteps.requestAndAnswer.selector,
            LanePromiseSteps.claimPromises.selector,
            LanePromiseSteps.claimPromises.selector,
            LanePromiseSteps.claimPromises.selector,
            LanePromiseSteps.claimKept.selector,
            LanePromiseSteps.claimKept.selector,
            LanePromiseSteps.awaitClose.selector,
            LanePromiseSteps.sweep.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_handler), new bytes4[](steps.length));
        for (uint256 i = 0; i < steps.length; ++i) {
            targets[0].selectors[i] = steps[i];
        }
    }

    /// @notice Money is conserved: what is held is what lanes and reserves have left, what is owed as credits, and what was given.
    function invariant_HeldIsWhatLanesReservesAndCreditsAreOwed() public {
        address[2] memory tokens = [address(_handler.MOODY()), address(0)];
        for (uint256 i = 0; i < 2; ++i) {
            uint256 left = leftIn(2 * i) + leftIn(2 * i + 1);
            (uint256 held, uint256 owed) = _handler.holdings(tokens[i]);
            vm.assertEq(held, left + owed + _handler.donated(tokens[i]), "conserved");
        }
    }

    /// @notice Within an epoch the lane says what came in and what the payee got; its number is that of the ends before.
    function invariant_EveryLaneIsAsTheBooksSay() public {
        for (uint256 lane = 0; lane < _handler.LANES(); ++lane) {
            (uint256 deposited, uint256 toPayee, uint256 ends) = _handler.books(lane);
            (uint256 deposit, uint256 settled, uint256 epoch, bool reserved) = _handler.laneAt(lane);
            (, uint256 last) = _handler.holds(lane);
            vm.assertEq(deposit, deposited, "deposit");
            vm.assertEq(settled, toPayee, "settled");
            vm.assertEq(epoch, ends, "epoch");
            vm.assertTrue(reserved == (last != 0), "reserved");
            vm.assertLe(settled, deposit, "the payee is never paid above the deposit");
        }
    }

    /// @notice What an ended epoch kept is what its withdraw left and nobody has taken since: no later epoch touches it.
    function invariant_EveryReserveIsAsTheBooksSay() public {
        for (uint256 lane = 0; lane < _handler.LANES(); ++lane) {
            (,, uint256 ends) = _handler.books(lane);
            for (uint256 epoch = 0; epoch < ends; ++epoch) {
                (uint256 keeps, uint256 paid, uint256 over) = _handler.kept(lane, epoch);
                (uint256 ceiling, uint256 settled, uint256 until) = _handler.reserveAt(lane, epoch);
                vm.assertEq(ceiling, keeps, "ceiling");
                vm.assertEq(settled, paid, "settled");
                vm.assertEq(until, over, "until");
            }
        }
    }

    function leftIn(uint256 lane) private returns (uint256 left) {
        (uint256 deposit, uint256 settled, uint256 epochs,) = _handler.laneAt(lane);
        left = deposit - settled;
        for (uint256 epoch = 0; epoch < epochs; ++epoch) {
            (uint256 ceiling, uint256 paid,) = _handler.reserveAt(lane, epoch);
            left += ceiling - paid;
        }
    }
}
