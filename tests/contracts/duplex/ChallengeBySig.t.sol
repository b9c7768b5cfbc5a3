// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {Signatures, State} from "../../../contracts/types/DuplexMessages.sol";
import {DuplexCase} from "../support/DuplexCase.sol";
import {vm} from "../support/Vm.sol";

contract ChallengeBySigTest is DuplexCase {
    function setUp() public override {
        super.setUp();
        open();
    }

    function test_ChallengeBySig_OfEitherPartyStartsTheWindowWhoeverBringsIt() public {
        for (uint256 byA = 0; byA < 2; ++byA) {
            for (uint64 version = 0; version <= 5; version += 5) {
                uint256 state = vm.snapshotState();
                int128 net = version == 0 ? int128(0) : int128(100);
                vm.expectEmit();
                emit IDuplexChannels.Challenged(channelId, 0, fightWord(net, version, OVER, false), 0);
                challengeBySig(stateOf(version, net), byA == 1, version);
                assertFight(0, net, version, OVER, 0);
                vm.revertToState(state);
            }
        }
    }

    /// @dev What a party signs is for the version that it knows: nobody may post an older one in its name.
    function test_ChallengeBySig_RevertsWhen_TheVersionIsNotTheSignedOne() public {
        uint64[3] memory versions = [uint64(0), 4, 6];
        for (uint256 i = 0; i < versions.length; ++i) {
            State memory state = stateOf(versions[i], 0);
            Signatures memory signatures = signed(state);
            (bytes32 r, bytes32 vs) = sign(KEY_A, digestOf(CHALLENGE, abi.encode(channelId, 0, 5, LATEST)));
            bytes32 digest = digestOf(CHALLENGE, abi.encode(channelId, 0, versions[i], LATEST));
            vm.expectRevert(invalidSignature(recovered(digest, r, vs), signerA));
            duplexes.challengeBySig(channel, state, signatures, true, LATEST, r, vs);
        }
    }

    function test_ChallengeBySig_RevertsWhen_ItIsNotThatPartysWord() public {
        State memory state = stateOf(5, 100);
        Signatures memory signatures = signed(state);
        (bytes32 r, bytes32 vs) = sign(KEY_A, digestOf(CHALLENGE, abi.encode(channelId, 0, 5, LATEST)));
        vm.expectRevert(invalidSignature(signerA, signerB));
        duplexes.challengeBySig(channel, state, signatures, false, LATEST, r, vs);
    }

    /// @dev Both signed the state, but neither said that it should be posted: not even a party's own call says so here.
    function test_ChallengeBySig_RevertsWhen_OnlyTheStateIsSigned() public {
        State memory state = stateOf(5, 100);
        Signatures memory signatures = signed(state);
        address[2] memory callers = [stranger, partyA];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(invalidSignature(address(0), signerA));
            vm.prank(callers[i]);
            duplexes.challengeBySig(channel, state, signatures, true, LATEST, 0, 0);
        }
    }

    function test_ChallengeBySig_CountsUntilTheSecondBeforeItsDeadline() public {
        for (uint256 time = LATEST; time <= LATEST + 1; ++time) {
            vm.warp(time);
            vm.expectRevert(deadlinePassed(time, LATEST));
            challengeBySig(stateOf(5, 100), true, 5);
        }
        vm.warp(LATEST - 1);
        challengeBySig(stateOf(5, 100), true, 5);
        assertFight(0, 100, 5, LATEST - 1 + WINDOW, 0);
    }

    function test_ChallengeBySig_RevertsWhen_VersionZeroSaysAnything() public {
        vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.NoState.selector));
        challengeBySig(stateOf(0, 1), true, 0);
        vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.NoState.selector));
        challengeBySig(State(0, 0, 0, keccak256("some promises")), false, 0);
    }

    function test_ChallengeBySig_RevertsWhen_NothingIsOpenOrTheEpochIsAnother() public {
        closeTogether(0);
        vm.expectRevert(notOpen());
        challengeBySig(State(0, 5, 100, 0), true, 5);
        open();
        vm.expectRevert(wrongEpoch(0, 1));
        challengeBySig(State(0, 5, 100, 0), true, 5);
        vm.expectRevert(wrongEpoch(2, 1));
        challengeBySig(State(2, 5, 100, 0), true, 5);
    }

    /// @dev Brought again it starts nothing: not within its fight, and not after that.
    function test_ChallengeBySig_CountsOnce() public {
        challengeBySig(stateOf(5, 100), true, 5);
        uint256[2] memory times = [NOW, OVER];
        for (uint256 i = 0; i < times.length; ++i) {
            vm.warp(times[i]);
            for (uint256 byA = 0; byA < 2; ++byA) {
                vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.AlreadyChallenged.selector, channelId, 0));
                challengeBySig(stateOf(5, 100), byA == 1, 5);
            }
        }
        payOut();
        open();
        vm.expectRevert(wrongEpoch(0, 1));
        challengeBySig(State(0, 5, 100, 0), true, 5);
    }

    /// @param version that the party's word is for
    function challengeBySig(State memory state, bool byA, uint64 version) private {
        Signatures memory signatures = signed(state);
        bytes32 digest = digestOf(CHALLENGE, abi.encode(channelId, state.epoch, version, LATEST));
        (bytes32 r, bytes32 vs) = sign(byA ? KEY_A : KEY_B, digest);
        vm.prank(stranger);
        duplexes.challengeBySig(channel, state, signatures, byA, LATEST, r, vs);
    }
}
