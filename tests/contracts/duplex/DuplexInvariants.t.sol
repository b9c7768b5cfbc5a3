// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DuplexHandler} from "../support/DuplexHandler.sol";
import {vm} from "../support/Vm.sol";

contract DuplexChannelsInvariants {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    DuplexHandler private _handler;

    function setUp() public {
        _handler = new DuplexHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[14] memory steps = [
            _handler.fund.selector,
            _handler.start.selector,
            _handler.reply.selector,
            _handler.payOut.selector,
            _handler.closeBoth.selector,
            _handler.withdrawBoth.selector,
            _handler.replay.selector,
            _handler.prove.selector,
            _handler.collect.selector,
            _handler.sweep.selector,
            _handler.pass.selector,
            _handler.spoil.selector,
            _handler.takeCredit.selector,
            _handler.donate.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_handler), new bytes4[](steps.length));
        for (uint256 i = 0; i < steps.length; ++i) {
            targets[0].selectors[i] = steps[i];
        }
    }

    /// @notice Money is conserved: what is held is the deposits, what promises may still take, the credits, and the gifts.
    function invariant_HeldIsWhatChannelsReservesAndCreditsAreOwed() public {
        assertConserved(address(0), left(2));
        assertConserved(address(_handler.MOODY()), left(0) + left(1));
    }

    /// @notice Deposits and epochs are as the books say; in a fight the newest posted state stands, and the deadline never
    /// moves; a reserve is what was kept at the payout less what was collected, and never outlives what was signed.
    function invariant_EveryChannelIsAsTheBooksSay() public {
        for (uint256 index = 0; index < _handler.CHANNELS(); ++index) {
            _handler.check(index);
        }
    }

    function left(uint256 index) private returns (uint256) {
        (uint256 depositA, uint256 depositB,,,) = _handler.books(index);
        _handler.choose(index);
        return depositA + depositB + _handler.keptInAll();
    }

    function assertConserved(address token, uint256 due) private view {
        (uint256 held, uint256 owed) = _handler.holdings(token);
        vm.assertEq(held, due + owed + _handler.donated(token), "conserved");
    }
}
