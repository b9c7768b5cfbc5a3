// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ConditionCall} from "../../../contracts/conditions/ConditionCall.sol";
import {IRecords} from "../../../contracts/interfaces/IRecords.sol";
import {Promise} from "../../../contracts/types/Promise.sol";
import {MoodyCondition} from "../mocks/MoodyCondition.sol";
import {PromiseIntruder} from "../mocks/PromiseIntruder.sol";
import {LaneVerbs} from "../support/LaneVerbs.sol";
import {vm} from "../support/Vm.sol";

/// @notice Conditions that revert, lie, burn gas or call back: only a record ever asks them, and no money waits for them.
contract HostileConditionsTest is LaneVerbs {
    bytes private constant EVERYTHING = abi.encode(TAKE);

    function nothing(Promise memory one) private view returns (bytes memory) {
        return abi.encodeWithSelector(IRecords.NothingRecorded.selector, subjectOf(0, one), 0, 0);
    }

    function recorded(Promise memory one) private view returns (uint256) {
        return channels.recordedOf(subjectOf(0, one));
    }

    function test_HostileConditions_ThatFailReleaseNothing() public {
        MoodyCondition.Mood[4] memory moods = [
            MoodyCondition.Mood.REVERTS,
            MoodyCondition.Mood.REVERTS_HUGE,
            MoodyCondition.Mood.BURNS_GAS,
            MoodyCondition.Mood.ANSWERS_SHORT
        ];
        for (uint256 i = 0; i < moods.length; ++i) {
            condition.be(moods[i]);
            uint256 start = gasleft();
            vm.expectRevert(nothing(promised()));
            record(0, promised(), TAKE);
            vm.assertLe(start - gasleft(), 400_000, "gas that a condition can burn");
        }
    }

    function test_HostileConditions_AreReadForOneWordOfWhateverTheyAnswer() public {
        condition.be(MoodyCondition.Mood.ANSWERS_HUGE);
        uint256 start = gasleft();
        record(0, promised(), TAKE);
        vm.assertLe(start - gasleft(), 120_000, "nothing more is copied");
        vm.assertEq(recorded(promised()), TAKE, "recorded");
    }

    function test_HostileConditions_WithoutCodeReleaseNothing() public {
        address[3] memory absent = [address(0), address(0xDEAD), address(4)];
        Promise memory one = promised();
        for (uint256 i = 0; i < absent.length; ++i) {
            one.condition = absent[i];
            vm.expectRevert(nothing(one));
            record(0, one, TAKE);
        }
    }

    /// @dev A caller that brings too little gas could otherwise have a good proof fail, once its preimage is seen, until the
    /// promise has expired.
    function test_HostileConditions_AreNeverStarved() public {
        condition.be(MoodyCondition.Mood.NEEDS_ITS_GAS);
        Promise memory one = promised();
        bytes memory data = abi.encodeCall(channels.record, (channelId, 0, one, DATA, EVERYTHING));
        bool refused = false;
        bool served = false;
        for (uint256 gas_ = 20_000; gas_ < 450_000; gas_ += 977) {
            uint256 state = vm.snapshotState();
            (bool success, bytes memory answer) = address(channels).call{gas: gas_}(data);
            if (success) vm.assertEq(recorded(one), TAKE, "all of it");
            else vm.assertTrue(bytes4(answer) != IRecords.NothingRecorded.selector, "starved");
            refused = refused || bytes4(answer) == ConditionCall.NotEnoughGasForCondition.selector;
            served = success;
            vm.revertToState(state);
        }
        vm.assertTrue(refused && served, "both sides of the limit");
    }

    /// @dev It is asked by a static call: whatever it calls back into, nothing changes.
    function test_HostileConditions_CallBackInVain() public {
        PromiseIntruder intruder = new PromiseIntruder(address(channels));
        Promise memory one = promised();
        one.condition = address(intruder);
        Promise memory other = promiseOf(TAKE, EXPIRY, 2);
        bytes memory again = abi.encodeCall(channels.record, (channelId, 0, other, DATA, EVERYTHING));
        for (uint256 verb = 0; verb <= VERBS; ++verb) {
            uint256 state = vm.snapshotState();
            bytes memory attack = again;
            if (verb < VERBS) {
                ready(Verb(verb));
                (, attack) = callOf(Verb(verb));
            }
            intruder.plan(attack);
            vm.warp(NOW);
            uint256 held = token.balanceOf(address(channels));
            bytes32 word = vm.load(address(channels), channelId);
            record(0, one, TAKE);
            vm.assertEq(recorded(one), TAKE, "every call back was refused");
            vm.assertEq(vm.load(address(channels), channelId), word, "the lane");
            vm.assertEq(token.balanceOf(address(channels)), held, "held");
            vm.revertToState(state);
        }
    }

    /// @dev A condition that dies after its record takes nothing back; one that dies before keeps nothing for ever.
    function test_HostileConditions_HoldNoMoneyBeyondTheReserve() public {
        uint256 state = vm.snapshotState();
        ready(Verb.CLAIM_MOVED);
        vm.etch(address(condition), "");
        run(Verb.CLAIM_MOVED);
        vm.assertEq(token.balanceOf(payee), TAKE, "recorded before");

        vm.revertToState(state);
        open(DEPOSIT);
        requestClose();
        claimPromised(voucherOf(0, 0, promised()));
        vm.etch(address(condition), "");
        vm.warp(CLOSES_AT);
        channels.withdraw(channel);
        vm.warp(UNTIL);
        channels.sweep(channel, 0);
        vm.assertEq(token.balanceOf(address(channels)), 0, "nothing is left");
    }

    /// @dev A condition that takes its word back: what was recorded stays.
    function test_HostileConditions_CanNotTakeBackWhatWasRecorded() public {
        open(DEPOSIT);
        record(0, promised(), TAKE);
        condition.be(MoodyCondition.Mood.REVERTS);
        claimPromised(voucherOf(0, 0, promised()));
        vm.assertEq(token.balanceOf(payee), TAKE, "paid");
    }
}
