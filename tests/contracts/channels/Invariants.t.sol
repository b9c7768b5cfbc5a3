// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneHandler} from "../support/LaneHandler.sol";
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

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[11] memory steps = [
            LaneHandler.fund.selector,
            LaneHandler.claimOne.selector,
            LaneHandler.claimAll.selector,
            LaneHandler.closeNow.selector,
            LaneHandler.askToClose.selector,
            LaneHandler.takeBack.selector,
            LaneHandler.withdraw.selector,
            LaneHandler.replay.selector,
            LaneHandler.pass.selector,
            LaneHandler.spoil.selector,
            LaneHandler.collect.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_handler), new bytes4[](steps.length + 1));
        for (uint256 i = 0; i < steps.length; ++i) {
            targets[0].selectors[i] = steps[i];
        }
        targets[0].selectors[steps.length] = LaneHandler.donate.selector;
    }

    /// @notice Money is conserved: what is held is what lanes have left, what is owed as credits, and what was given.
    function invariant_HeldIsWhatLanesAndCreditsAreOwed() public {
        address[2] memory tokens = [address(_handler.MOODY()), address(0)];
        for (uint256 i = 0; i < 2; ++i) {
            uint256 left = 0;
            for (uint256 lane = 2 * i; lane < 2 * i + 2; ++lane) {
                (uint256 deposit, uint256 settled,) = _handler.laneAt(lane);
                left += deposit - settled;
            }
            (uint256 held, uint256 owed) = _handler.holdings(tokens[i]);
            vm.assertEq(held, left + owed + _handler.donated(tokens[i]), "conserved");
        }
    }

    /// @notice Within an epoch the lane says what came in and what the payee got; its number is that of the ends before.
    function invariant_EveryLaneIsAsTheBooksSay() public {
        for (uint256 lane = 0; lane < _handler.LANES(); ++lane) {
            (uint256 deposited, uint256 toPayee, uint256 ends) = _handler.books(lane);
            (uint256 deposit, uint256 settled, uint256 epoch) = _handler.laneAt(lane);
            vm.assertEq(deposit, deposited, "deposit");
            vm.assertEq(settled, toPayee, "settled");
            vm.assertEq(epoch, ends, "epoch");
            vm.assertLe(settled, deposit, "the payee is never paid above the deposit");
        }
    }
}
