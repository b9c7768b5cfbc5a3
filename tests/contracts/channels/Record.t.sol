// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecords} from "../../../contracts/interfaces/IRecords.sol";
import {Promise} from "../../../contracts/types/Promise.sol";
import {MoodyCondition} from "../mocks/MoodyCondition.sol";
import {PromiseCase} from "../support/PromiseCase.sol";
import {vm} from "../support/Vm.sol";

contract RecordTest is PromiseCase {
    Promise private _promise;

    function setUp() public override {
        super.setUp();
        _promise = promiseOf(200, EXPIRY, 1);
    }

    function recorded() private view returns (uint256) {
        return channels.recordedOf(subjectOf(0, _promise));
    }

    function test_Record_KeepsWhatTheConditionSaysWhoeverCalls() public {
        vm.expectEmit();
        emit IRecords.Recorded(channelId, 0, leafOf(_promise), 150, abi.encode(150));
        vm.prank(stranger);
        record(0, _promise, 150);
        vm.assertEq(recorded(), 150, "recorded");
    }

    function test_Record_WorksInEveryStateOfTheLane() public {
        record(0, _promise, 1);
        open(DEPOSIT);
        record(0, _promise, 2);
        requestClose();
        record(0, _promise, 3);
        vm.warp(CLOSES_AT);
        record(0, _promise, 4);
        assertLane(DEPOSIT, 0, CLOSES_AT, 0);
        channels.withdraw(channel);
        record(0, _promise, 5);
        open(DEPOSIT);
        record(0, _promise, 6);
        vm.assertEq(recorded(), 6, "recorded");
        assertLane(DEPOSIT, 0, 0, 1);
    }

    function test_Record_RisesAndNeverFalls() public {
        record(0, _promise, 100);
        refusesNothing(100, 100);
        refusesNothing(99, 100);
        refusesNothing(0, 100);
        record(0, _promise, 101);
        vm.assertEq(recorded(), 101, "recorded");
    }

    function test_Record_IsClippedToThePromisesAmount() public {
        record(0, _promise, type(uint256).max);
        vm.assertEq(recorded(), 200, "recorded");
        vm.expectRevert(nothing(200, 200));
        record(0, _promise, 201);
    }

    function test_Record_EndsWithTheSecondBeforeTheExpiry() public {
        for (uint256 time = EXPIRY; time <= EXPIRY + 1; ++time) {
            vm.warp(time);
            vm.expectRevert(abi.encodeWithSelector(IRecords.PromiseExpired.selector, time, EXPIRY));
            record(0, _promise, 200);
        }
        vm.warp(EXPIRY - 1);
        record(0, _promise, 200);
        vm.assertEq(recorded(), 200, "recorded");
    }

    function test_Record_RevertsWhen_TheDataIsNotThePromised() public {
        bytes32 other = keccak256("other");
        vm.expectRevert(abi.encodeWithSelector(IRecords.WrongConditionData.selector, other, _promise.dataHash));
        channels.record(channelId, 0, _promise, "other", abi.encode(200));
    }

    /// @dev Each member is part of what is recorded: a kinder condition or a later expiry makes another promise.
    function test_Record_OfAnotherPromiseIsAnotherRecord() public {
        MoodyCondition other = new MoodyCondition();
        Promise[4] memory others = [_promise, _promise, _promise, _promise];
        others[0].condition = address(other);
        others[1].amount += 1;
        others[2].expiry += 1;
        others[3].salt = bytes32(uint256(2));
        for (uint256 i = 0; i < others.length; ++i) {
            record(0, others[i], 200);
            vm.assertEq(channels.recordedOf(subjectOf(0, others[i])), 200, "its own record");
        }
        others[0] = _promise;
        others[0].dataHash = keccak256("other");
        channels.record(channelId, 0, others[0], "other", abi.encode(200));
        vm.assertEq(recorded(), 0, "not this promise");
    }

    function test_Record_IsOfOneChannelOneEpochOneContractAndOneChain() public {
        record(0, _promise, 200);
        bytes32 leaf = leafOf(_promise);
        (address here, uint256 chain, bytes32 other) =
            (address(channels), block.chainid, channelId ^ bytes32(uint256(1)));
        bytes32[4] memory subjects = [
            keccak256(abi.encode(here, chain, channelId, 1, leaf)),
            keccak256(abi.encode(here, chain, other, 0, leaf)),
            keccak256(abi.encode(here, chain + 1, channelId, 0, leaf)),
            keccak256(abi.encode(address(this), chain, channelId, 0, leaf))
        ];
        for (uint256 i = 0; i < subjects.length; ++i) {
            vm.assertEq(channels.recordedOf(subjects[i]), 0, "of another");
        }
        record(1, _promise, 7);
        channels.record(other, 0, _promise, DATA, abi.encode(8));
        vm.assertEq(channels.recordedOf(subjects[0]), 7, "the next epoch's own");
        vm.assertEq(channels.recordedOf(subjects[1]), 8, "the other channel's own");
        vm.assertEq(recorded(), 200, "as it was");
    }

    /// @dev After a fork to another chain id nothing is proven yet, and the old proofs are for another subject.
    function test_Record_DoesNotCountAfterAForkToAnotherChainId() public {
        record(0, _promise, 200);
        vm.chainId(block.chainid + 1);
        open(DEPOSIT);
        claimPromised(voucherOf(0, 100, _promise));
        assertLane(DEPOSIT, 100, 0, 0);
    }

    function test_Record_TellsTheConditionItsSubject() public {
        condition.be(MoodyCondition.Mood.ANSWERS_THE_SUBJECT);
        channels.record(channelId, 0, _promise, DATA, abi.encode(subjectOf(0, _promise)));
        vm.assertEq(recorded(), 200, "recorded");
    }

    /// @dev The promise of a real hash lock: 32 bytes of preimage, and nothing else.
    function test_Record_OfAHashLockTakesItsPreimage() public {
        bytes memory preimage = abi.encode(keccak256("a preimage"));
        bytes memory data = abi.encode(uint8(0), sha256(preimage));
        address lock = vm.deployCode("chain/artifacts/HashLock.json");
        _promise = Promise(lock, keccak256(data), 200, EXPIRY, 0);

        vm.expectRevert(nothing(0, 0));
        channels.record(channelId, 0, _promise, data, abi.encode(keccak256("another")));
        channels.record(channelId, 0, _promise, data, preimage);
        vm.assertEq(recorded(), 200, "recorded");
        open(DEPOSIT);
        claimPromised(voucherOf(0, 100, _promise));
        vm.assertEq(token.balanceOf(payee), 300, "paid");
    }

    function refusesNothing(uint256 released, uint256 before) private {
        vm.expectRevert(nothing(released, before));
        record(0, _promise, released);
    }

    function nothing(uint256 released, uint256 before) private view returns (bytes memory) {
        return abi.encodeWithSelector(IRecords.NothingRecorded.selector, subjectOf(0, _promise), released, before);
    }
}
