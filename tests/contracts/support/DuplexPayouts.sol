// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {CloseTogether, Signatures, WithdrawTogether} from "../../../contracts/types/DuplexMessages.sol";
import {DuplexPromises} from "../../../contracts/types/DuplexPromise.sol";
import {DuplexPromising} from "./DuplexPromising.sol";
import {vm} from "./Vm.sol";

/// @notice The verbs that pay, told apart only by a number: for tables over all of them.
abstract contract DuplexPayouts is DuplexPromising {
    enum Payout {
        CLOSE,
        WITHDRAW,
        PAY_OUT,
        COLLECT,
        SWEEP
    }

    uint256 internal constant PAYOUTS = 5;
    int256 internal constant NET = 100;
    uint96 internal constant FROM_A = 50;
    uint96 internal constant FROM_B = 20;

    /// @dev A channel in this token with everything deposited, in whatever epoch.
    function begin(address token_) internal {
        use(token_);
        open();
        delete promised;
        addPromise(true, FROM_A, EXPIRY);
        addPromise(false, FROM_B, EXPIRY);
    }

    /// @dev Where the verb is legal. What was paid on the way there has arrived.
    function ready(Payout verb) internal {
        if (verb == Payout.PAY_OUT) challenge(partyA, stateOf(1, NET));
        if (verb == Payout.PAY_OUT) vm.warp(OVER);
        if (verb < Payout.COLLECT) return;
        fight(NET);
        record(0, 0, FROM_A);
        record(0, 1, FROM_B);
        if (verb == Payout.SWEEP) vm.warp(UNTIL);
    }

    function dataOf(Payout verb) internal view returns (bytes memory) {
        DuplexPromises memory none;
        if (verb == Payout.PAY_OUT) return abi.encodeCall(IDuplexChannels.payOut, (channel, none));
        if (verb == Payout.COLLECT) {
            return abi.encodeCall(IDuplexChannels.collect, (channel, 0, list(), sortedLeaves()));
        }
        if (verb == Payout.SWEEP) return abi.encodeCall(IDuplexChannels.sweep, (channel, 0));
        if (verb == Payout.CLOSE) {
            CloseTogether memory closing = CloseTogether(epochNow(), NET, LATEST);
            Signatures memory both = signBoth(CLOSE_TOGETHER, wordsOf(closing));
            return abi.encodeCall(IDuplexChannels.closeTogether, (channel, closing, both));
        }
        WithdrawTogether memory end = WithdrawTogether(epochNow(), NET, 20, 30, LATEST);
        Signatures memory signatures = signBoth(WITHDRAW_TOGETHER, wordsOf(end));
        return abi.encodeCall(IDuplexChannels.withdrawTogether, (channel, end, signatures));
    }

    function run(Payout verb) internal {
        bytes memory data = dataOf(verb);
        vm.prank(stranger);
        (bool success,) = address(duplexes).call(data);
        vm.assertTrue(success, "the verb went through");
    }

    function due(Payout verb) internal pure returns (uint256 toA, uint256 toB) {
        if (verb == Payout.WITHDRAW) return (20, 30);
        if (verb == Payout.COLLECT) return (FROM_B, FROM_A);
        if (verb == Payout.SWEEP) return (FROM_A, FROM_B);
        return (DEPOSIT_A - uint256(NET), DEPOSIT_B + uint256(NET));
    }
}
