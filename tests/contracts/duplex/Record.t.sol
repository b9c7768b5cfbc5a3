// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRecords} from "../../../contracts/interfaces/IRecords.sol";
import {DuplexPromise} from "../../../contracts/types/DuplexPromise.sol";
import {MoodyCondition} from "../mocks/MoodyCondition.sol";
import {DuplexPromising} from "../support/DuplexPromising.sol";
import {vm} from "../support/Vm.sol";

contract RecordTest is DuplexPromising {
    function setUp() public override {
        super.setUp();
        addPromise(true, 50, EXPIRY);
        addPromise(false, 20, EXPIRY);
    }

    function test_Record_KeepsWhatTheConditionReleases() public {
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectEmit();
            emit IRecords.Recorded(channelId, 0, promiseHash(promised[i]), 15, abi.encode(15));
            record(0, i, 15);
            assertRecorded(0, i, 15);
        }
    }

    function test_Record_NeverLowersWhatIsRecorded() public {
        record(0, 0, 15);
        bytes32 subject = subjectOf(0, promised[0]);
        for (uint256 released = 0; released <= 15; released += 5) {
            vm.expectRevert(abi.encodeWithSelector(IRecords.NothingRecorded.selector, subject, released, 15));
            record(0, 0, released);
        }
        record(0, 0, 16);
        assertRecorded(0, 0, 16);
    }

    function test_Record_NeverExceedsThePromise() public {
        record(0, 0, type(uint256).max);
        assertRecorded(0, 0, 50);
        bytes32 subject = subjectOf(0, promised[0]);
        vm.expectRevert(abi.encodeWithSelector(IRecords.NothingRecorded.selector, subject, 50, 50));
        record(0, 0, 51);
    }

    function test_Record_OfNothingReverts() public {
        bytes32 subject = subjectOf(0, promised[0]);
        vm.expectRevert(abi.encodeWithSelector(IRecords.NothingRecorded.selector, subject, 0, 0));
        record(0, 0, 0);
    }

    function test_Record_CountsUntilTheSecondBeforeTheExpiry() public {
        for (uint256 time = EXPIRY; time <= EXPIRY + 1; ++time) {
            vm.warp(time);
            vm.expectRevert(abi.encodeWithSelector(IRecords.PromiseExpired.selector, time, EXPIRY));
            record(0, 0, 15);
        }
        vm.warp(EXPIRY - 1);
        record(0, 0, 15);
        assertRecorded(0, 0, 15);
    }

    /// @dev Before the channel, in a fight, after its end, in the next epoch: a record needs no state and no money.
    function test_Record_IsLegalInAnyStateOfTheChannel() public {
        record(7, 0, 1);
        assertRecorded(7, 0, 1);
        challenge(partyA, promisingState(1, 0));
        record(0, 0, 2);
        vm.warp(OVER);
        record(0, 0, 3);
        payOut(list());
        record(0, 0, 4);
        open();
        record(0, 0, 5);
        record(1, 0, 6);
        assertRecorded(0, 0, 5);
        assertRecorded(1, 0, 6);
        assertDuplex(DEPOSIT_A, DEPOSIT_B, 1);
    }

    function test_Record_RevertsWhen_TheConditionsDataIsAnother() public {
        bytes32 found = keccak256("other");
        vm.expectRevert(abi.encodeWithSelector(IRecords.WrongConditionData.selector, found, keccak256("")));
        duplexes.record(channelId, 0, promised[0], "other", abi.encode(15));
    }

    /// @dev Contract, chain, channel, epoch and promise: what a condition says of one is said of no other.
    function test_Record_AsksTheConditionAboutJustThisSubject() public {
        condition.be(MoodyCondition.Mood.ANSWERS_THE_SUBJECT);
        record(0, 0, uint256(subjectOf(0, promised[0])));
        assertRecorded(0, 0, 50);

        bytes32 right = subjectOf(0, promised[1]);
        bytes32[4] memory others = [
            keccak256(abi.encode(stranger, block.chainid, channelId, 0, promiseHash(promised[1]))),
            keccak256(abi.encode(address(duplexes), block.chainid + 1, channelId, 0, promiseHash(promised[1]))),
            subjectOf(1, promised[1]),
            subjectOf(0, promised[0])
        ];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IRecords.NothingRecorded.selector, right, 0, 0));
            record(0, 1, uint256(others[i]));
        }
        record(0, 1, uint256(right));
        assertRecorded(0, 1, 20);
    }

    function test_Record_OfAPromiseThatDiffersInAnyMemberIsAnothers() public {
        bytes32 subject = subjectOf(0, promised[0]);
        bytes memory words = abi.encode(promised[0]);
        for (uint256 word = 0; word < 6; ++word) {
            uint256 state = vm.snapshotState();
            DuplexPromise memory other = abi.decode(flip(words, word), (DuplexPromise));
            if (word == 1) vm.etch(other.condition, address(condition).code);
            bytes memory data = word == 2 ? bytes("other") : bytes("");
            other.dataHash = keccak256(data);
            duplexes.record(channelId, 0, other, data, abi.encode(15));
            vm.assertEq(duplexes.recordedOf(subjectOf(0, other)), 15, "the other");
            vm.assertEq(duplexes.recordedOf(subject), 0, "not this one");
            vm.revertToState(state);
        }
    }

    function test_Record_OfAConditionThatFailsIsNothing() public {
        MoodyCondition.Mood[4] memory moods = [
            MoodyCondition.Mood.REVERTS,
            MoodyCondition.Mood.REVERTS_HUGE,
            MoodyCondition.Mood.BURNS_GAS,
            MoodyCondition.Mood.ANSWERS_SHORT
        ];
        for (uint256 i = 0; i < moods.length; ++i) {
            condition.be(moods[i]);
            refusesCondition();
        }
        address[3] memory conditions = [address(0), address(0xDEAD), address(4)];
        for (uint256 i = 0; i < conditions.length; ++i) {
            promised[0].condition = conditions[i];
            refusesCondition();
        }
    }

    function test_Record_CopiesNoMoreThanAWordOfTheAnswer() public {
        condition.be(MoodyCondition.Mood.ANSWERS_HUGE);
        uint256 start = gasleft();
        record(0, 0, 0);
        vm.assertLe(start - gasleft(), 400_000, "gas");
        assertRecorded(0, 0, 50);
    }

    /// @dev The real lock: the preimage stands in the event, so that it serves the next hop too.
    function test_Record_OfAHashLockShowsThePreimageToAll() public {
        bytes memory preimage = abi.encode("exactly thirty-two bytes long..");
        preimage = abi.encodePacked(keccak256(preimage));
        bytes memory data = abi.encode(0, sha256(preimage));
        promised[0].condition = vm.deployCode("chain/artifacts/HashLock.json");
        promised[0].dataHash = keccak256(data);
        vm.expectEmit();
        emit IRecords.Recorded(channelId, 0, promiseHash(promised[0]), 50, preimage);
        duplexes.record(channelId, 0, promised[0], data, preimage);
        fight(100);
        collect(0);
        assertBack(DEPOSIT_A - 150, DEPOSIT_B + 100 + 50 - 20);
    }

    function refusesCondition() private {
        bytes32 subject = subjectOf(0, promised[0]);
        vm.expectRevert(abi.encodeWithSelector(IRecords.NothingRecorded.selector, subject, 0, 0));
        record(0, 0, 15);
    }

    function assertRecorded(uint256 epoch, uint256 index, uint256 released) private view {
        vm.assertEq(duplexes.recordedOf(subjectOf(epoch, promised[index])), released, "recorded");
    }
}
