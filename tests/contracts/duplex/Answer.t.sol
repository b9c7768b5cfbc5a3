// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {Signatures, State} from "../../../contracts/types/DuplexMessages.sol";
import {DuplexCase} from "../support/DuplexCase.sol";
import {vm} from "../support/Vm.sol";

contract AnswerTest is DuplexCase {
    bytes32 private constant SOME_PROMISES = keccak256("some promises");

    function setUp() public override {
        super.setUp();
        open();
    }

    function test_Answer_OfAnyonePostsANewerState() public {
        challenge(partyA, stateOf(5, 100));
        address[3] memory callers = [stranger, partyA, partyB];
        for (uint64 i = 0; i < 3; ++i) {
            uint256 before = vm.snapshotState();
            State memory state = State(0, 6 + i, -50, SOME_PROMISES);
            Signatures memory signatures = signed(state);
            vm.expectEmit();
            emit IDuplexChannels.Answered(channelId, 0, fightWord(-50, 6 + i, OVER, true), SOME_PROMISES);
            vm.prank(callers[i]);
            duplexes.answer(channel, state, signatures);
            assertFight(0, -50, 6 + i, OVER, SOME_PROMISES);
            vm.revertToState(before);
        }
    }

    /// @dev A new state's promises, or its having none, take the place of the old one's.
    function test_Answer_ReplacesThePromises() public {
        challenge(partyA, State(0, 1, 0, SOME_PROMISES));
        answer(stateOf(2, 0));
        assertFight(0, 0, 2, OVER, 0);
        answer(State(0, 3, 0, keccak256("others")));
        assertFight(0, 0, 3, OVER, keccak256("others"));
    }

    function test_Answer_RevertsWhen_TheVersionIsNotNewer() public {
        challenge(partyA, stateOf(5, 100));
        uint64[4] memory versions = [uint64(0), 1, 4, 5];
        for (uint256 i = 0; i < versions.length; ++i) {
            refusesVersion(State(0, versions[i], 700, 0), 5);
            refusesVersion(State(0, versions[i], 700, SOME_PROMISES), 5);
        }
        answer(stateOf(type(uint64).max, 0));
        refusesVersion(State(0, type(uint64).max, 700, 0), type(uint64).max);
    }

    /// @dev Not even where a challenge brought no state at all.
    function test_Answer_RevertsWhen_VersionZeroAnswersVersionZero() public {
        challenge(partyA, stateOf(0, 0));
        refusesVersion(State(0, 0, 700, 0), 0);
        answer(stateOf(1, 700));
        assertFight(0, 700, 1, OVER, 0);
    }

    /// @dev Whichever state somebody starts with, and whichever newer one another answers with: that one is paid.
    function test_Answer_TheNewestStateIsPaidWhateverCameBefore() public {
        int256[5] memory nets = [int256(0), 300, -200, 700, 50];
        for (uint64 i = 0; i < 5; ++i) {
            for (uint64 j = i + 1; j < 5; ++j) {
                uint256 state = vm.snapshotState();
                challenge(i % 2 == 0 ? partyA : partyB, stateOf(i, nets[i]));
                vm.warp(OVER - 1);
                answer(stateOf(j, nets[j]));
                for (uint64 older = 0; older <= j; ++older) {
                    refusesVersion(State(0, older, nets[older], 0), j);
                }
                vm.warp(OVER);
                payOut();
                (uint256 toA, uint256 toB) = sharesOf(DEPOSIT_A, DEPOSIT_B, nets[j]);
                assertBack(toA, toB);
                vm.revertToState(state);
            }
        }
    }

    /// @dev go-nitro's challenge moved the deadline with each: whoever kept states back could keep the money for ever.
    function test_Answer_NeverMovesTheDeadline() public {
        challenge(partyA, stateOf(1, 0));
        for (uint64 version = 2; version < 30; ++version) {
            vm.warp(NOW + (version - 1) * (WINDOW / 29));
            answer(stateOf(version, int256(uint256(version))));
            assertFight(0, int256(uint256(version)), version, OVER, 0);
        }
        vm.warp(OVER - 1);
        answer(stateOf(30, 30));
        vm.warp(OVER);
        payOut();
        assertBack(DEPOSIT_A - 30, DEPOSIT_B + 30);
    }

    function test_Answer_CountsUntilTheSecondBeforeTheDeadline() public {
        challenge(partyA, stateOf(1, 0));
        for (uint256 time = OVER; time <= OVER + 1; ++time) {
            vm.warp(time);
            vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.FightOver.selector, time, OVER));
            answer(stateOf(2, 100));
        }
        vm.warp(OVER - 1);
        answer(stateOf(2, 100));
        assertFight(0, 100, 2, OVER, 0);
    }

    function test_Answer_RevertsWhen_NobodyChallenged() public {
        vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.NotChallenged.selector, channelId, 0));
        answer(stateOf(1, 100));
    }

    function test_Answer_RevertsWhen_NothingIsOpenOrTheEpochIsAnother() public {
        challenge(partyA, stateOf(1, 100));
        vm.expectRevert(wrongEpoch(1, 0));
        answer(State(1, 2, 100, 0));
        closeTogether(0);
        vm.expectRevert(notOpen());
        answer(State(0, 2, 100, 0));
        open();
        vm.expectRevert(wrongEpoch(0, 1));
        answer(State(0, 2, 100, 0));
    }

    function refusesVersion(State memory state, uint64 current) private {
        vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.VersionNotNewer.selector, state.version, current));
        answer(state);
    }
}
