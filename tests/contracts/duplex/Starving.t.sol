// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ConditionCall} from "../../../contracts/conditions/ConditionCall.sol";
import {IPayouts} from "../../../contracts/interfaces/IPayouts.sol";
import {IRecords} from "../../../contracts/interfaces/IRecords.sol";
import {MoodyCondition} from "../mocks/MoodyCondition.sol";
import {ThirstyReceiver, ThirstyToken} from "../mocks/Thirsty.sol";
import {DuplexPayouts} from "../support/DuplexPayouts.sol";
import {vm} from "../support/Vm.sol";

/// @notice Whoever calls, with whatever gas: a push that would arrive is never starved into a credit, and a condition that
/// would release is never starved into a no.
contract DuplexStarvingTest is DuplexPayouts {
    function test_EveryPayout_OfATokenPaysBothOrRevertsAtAnyGas() public {
        ThirstyToken thirsty = new ThirstyToken();
        equip(address(thirsty));
        begin(address(thirsty));
        for (uint256 verb = 0; verb < PAYOUTS; ++verb) {
            assertNeverStarved(Payout(verb), 800_000);
        }
    }

    function test_EveryPayout_OfNativeMoneyPaysBothOrRevertsAtAnyGas() public {
        begin(NATIVE);
        bytes memory code = address(new ThirstyReceiver(49_000)).code;
        vm.etch(partyA, code);
        vm.etch(partyB, code);
        for (uint256 verb = 0; verb < PAYOUTS; ++verb) {
            assertNeverStarved(Payout(verb), 400_000);
        }
    }

    function test_EveryPayout_RevertsByNameWhen_ThePushCouldBeStarved() public {
        begin(address(token));
        for (uint256 verb = 0; verb < PAYOUTS; ++verb) {
            uint256 state = vm.snapshotState();
            ready(Payout(verb));
            bytes memory data = dataOf(Payout(verb));
            (bool success, bytes memory reason) = address(duplexes).call{gas: 300_000}(data);
            vm.assertTrue(!success && bytes4(reason) == IPayouts.NotEnoughGas.selector, "by name");
            vm.revertToState(state);
        }
    }

    function test_Record_AsksTheConditionWithAllItsGasOrReverts() public {
        addPromise(true, 50, EXPIRY);
        condition.be(MoodyCondition.Mood.NEEDS_ITS_GAS);
        bytes memory data = abi.encodeCall(duplexes.record, (channelId, 0, promised[0], "", ""));
        bytes32 subject = subjectOf(0, promised[0]);
        bool recorded;
        bool named;
        for (uint256 gas_ = 30_000; gas_ <= 450_000; gas_ += 1499) {
            uint256 state = vm.snapshotState();
            (bool done, bytes memory reason) = address(duplexes).call{gas: gas_}(data);
            vm.assertTrue(done || bytes4(reason) != IRecords.NothingRecorded.selector, "starved into a no");
            if (bytes4(reason) == ConditionCall.NotEnoughGasForCondition.selector) named = true;
            recorded = duplexes.recordedOf(subject) == 50;
            vm.revertToState(state);
        }
        vm.assertTrue(named, "refused by name");
        vm.assertTrue(recorded, "recorded at last");
    }

    /// @dev The last, richest call must be served, else the sweep proves nothing.
    function assertNeverStarved(Payout verb, uint256 most) private {
        uint256 first = vm.snapshotState();
        ready(verb);
        bytes memory data = dataOf(verb);
        (uint256 toA, uint256 toB) = due(verb);
        uint256 before = balanceOf(address(duplexes));
        bool served;
        for (uint256 gas_ = 30_000; gas_ <= most; gas_ += 1999) {
            uint256 state = vm.snapshotState();
            (served,) = address(duplexes).call{gas: gas_}(data);
            vm.assertEq(balanceOf(address(duplexes)), served ? before - toA - toB : before, "all or nothing");
            vm.revertToState(state);
        }
        vm.assertTrue(served, "served at last");
        vm.revertToState(first);
    }
}
