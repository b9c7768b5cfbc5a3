// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {Signatures, State} from "../../../contracts/types/DuplexMessages.sol";
import {DuplexCase} from "../support/DuplexCase.sol";
import {vm} from "../support/Vm.sol";

contract ChallengeTest is DuplexCase {
    bytes32 private constant SOME_PROMISES = keccak256("some promises");

    function setUp() public override {
        super.setUp();
        open();
    }

    function test_Challenge_OfEitherPartyStartsTheWindow() public {
        address[2] memory parties = [partyA, partyB];
        for (uint256 i = 0; i < 2; ++i) {
            uint256 state = vm.snapshotState();
            vm.expectEmit();
            emit IDuplexChannels.Challenged(channelId, 0, fightWord(100, 5, OVER, false), 0);
            challenge(parties[i], stateOf(5, 100));
            assertFight(0, 100, 5, OVER, 0);
            assertDuplex(DEPOSIT_A, DEPOSIT_B, 0);
            assertBack(0, 0);
            vm.revertToState(state);
        }
    }

    function test_Challenge_KeepsTheHashOfTheStatesPromises() public {
        vm.expectEmit();
        emit IDuplexChannels.Challenged(channelId, 0, fightWord(-100, 5, OVER, true), SOME_PROMISES);
        challenge(partyB, State(0, 5, -100, SOME_PROMISES));
        assertFight(0, -100, 5, OVER, SOME_PROMISES);
    }

    function test_Challenge_WithoutAStateNeedsNoSignature() public {
        vm.expectEmit();
        emit IDuplexChannels.Challenged(channelId, 0, fightWord(0, 0, OVER, false), 0);
        vm.prank(partyB);
        duplexes.challenge(channel, stateOf(0, 0), Signatures(0, 0, 0, 0));
        assertFight(0, 0, 0, OVER, 0);
    }

    /// @dev Else both keys' version 0 would be a state that stands below no other.
    function test_Challenge_RevertsWhen_VersionZeroSaysAnything() public {
        State[3] memory states = [State(0, 0, 1, 0), State(0, 0, -1, 0), State(0, 0, 0, SOME_PROMISES)];
        for (uint256 i = 0; i < states.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.NoState.selector));
            challenge(partyA, states[i]);
        }
    }

    function test_Challenge_TakesAnyNetAndTheHighestVersion() public {
        int256[14] memory nets = netsAtTheBounds();
        for (uint256 i = 0; i < nets.length; ++i) {
            uint256 state = vm.snapshotState();
            challenge(partyA, stateOf(type(uint64).max, nets[i]));
            int256 net = nets[i] > type(int128).max ? int256(type(int128).max) : nets[i];
            net = net < type(int128).min ? int256(type(int128).min) : net;
            assertFight(0, net, type(uint64).max, OVER, 0);
            vm.warp(OVER);
            payOut();
            (uint256 toA, uint256 toB) = sharesOf(DEPOSIT_A, DEPOSIT_B, nets[i]);
            assertBack(toA, toB);
            vm.revertToState(state);
        }
    }

    function test_Challenge_RevertsWhen_NoPartyCalls() public {
        address[3] memory callers = [stranger, signerA, signerB];
        for (uint256 version = 0; version < 2; ++version) {
            for (uint256 i = 0; i < callers.length; ++i) {
                vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.NotParty.selector, callers[i]));
                challenge(callers[i], stateOf(uint64(version), 0));
            }
        }
    }

    function test_Challenge_RevertsWhen_NothingIsOpen() public {
        closeTogether(0);
        for (uint32 epoch = 0; epoch < 2; ++epoch) {
            vm.expectRevert(notOpen());
            challenge(partyA, State(epoch, 5, 100, 0));
        }
    }

    function test_Challenge_RevertsWhen_TheStateIsOfAnotherEpoch() public {
        closeTogether(0);
        open();
        for (uint32 epoch = 0; epoch <= 2; epoch += 2) {
            vm.expectRevert(wrongEpoch(epoch, 1));
            challenge(partyA, State(epoch, 5, 100, 0));
            vm.expectRevert(wrongEpoch(epoch, 1));
            challenge(partyA, State(epoch, 0, 0, 0));
        }
    }

    /// @dev Else whoever is losing would start the window anew: the deadline is the first challenge's.
    function test_Challenge_RevertsWhen_ThereIsAFightAlreadyAtAnySecond() public {
        challenge(partyA, stateOf(5, 100));
        uint256[4] memory times = [NOW, OVER - 1, OVER, OVER + 365 days];
        address[2] memory parties = [partyA, partyB];
        for (uint256 i = 0; i < times.length; ++i) {
            vm.warp(times[i]);
            for (uint256 party = 0; party < 2; ++party) {
                vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.AlreadyChallenged.selector, channelId, 0));
                challenge(parties[party], stateOf(6, 200));
            }
        }
        assertFight(0, 100, 5, OVER, 0);
    }

    function test_Challenge_WaitsForTheChannelsOwnWindow() public {
        uint256[2] memory windows = [uint256(15 minutes), 365 days];
        for (uint256 i = 0; i < 2; ++i) {
            channel.periods = periods(windows[i], PROMISE_WINDOW, 1);
            channelId = idOf(channel);
            open();
            challenge(partyA, stateOf(1, 0));
            assertFight(0, 0, 1, NOW + windows[i], 0);
        }
    }

    /// @dev Deposits stand outside every state: before or after the challenge, in its block or not, they count in full.
    function test_Challenge_LeavesDepositsOutOfTheState() public {
        uint256[3] memory times = [NOW, OVER - 1, OVER];
        for (uint256 i = 0; i < 2 * times.length; ++i) {
            uint256 state = vm.snapshotState();
            if (i % 2 == 0) deposit(partyB, 0, 40);
            challenge(partyA, stateOf(5, 650));
            vm.warp(times[i / 2]);
            if (i % 2 == 1) deposit(partyB, 0, 40);
            deposit(partyA, 0, 60);
            assertFight(0, 650, 5, OVER, 0);
            vm.warp(OVER);
            payOut();
            vm.assertEq(token.balanceOf(partyA), PURSE - 650, "A");
            vm.assertEq(token.balanceOf(partyB), PURSE + 650, "B");
            vm.revertToState(state);
        }
    }
}
