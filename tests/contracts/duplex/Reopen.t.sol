// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {Signatures, State} from "../../../contracts/types/DuplexMessages.sol";
import {DuplexPromising} from "../support/DuplexPromising.sol";
import {vm} from "../support/Vm.sol";

/// @notice A channel that goes on after an end: nothing of the old epoch counts in the new one, and the other way round.
contract ReopenTest is DuplexPromising {
    uint256 private constant ENDS = 4;
    State private _old;
    Signatures private _signed;

    function setUp() public override {
        super.setUp();
        addPromise(true, 50, EXPIRY);
        addPromise(false, 20, EXPIRY);
        _old = promisingState(9, 600);
        _signed = signed(_old);
    }

    function test_Reopen_NoStateOfTheOldEpochCounts() public {
        for (uint256 end = 0; end < ENDS; ++end) {
            uint256 state = vm.snapshotState();
            endAndReopen(end);
            refusesOldStates();
            vm.prank(partyA);
            duplexes.challenge(channel, State(1, 0, 0, 0), Signatures(0, 0, 0, 0));
            refusesOldStates();
            vm.revertToState(state);
        }
    }

    /// @dev Nor under the new epoch's name: the epoch is signed.
    function test_Reopen_NoSignatureOfTheOldEpochCountsForTheNewOne() public {
        for (uint256 end = 0; end < ENDS; ++end) {
            uint256 state = vm.snapshotState();
            endAndReopen(end);
            State memory renamed = State(1, _old.version, _old.net, _old.promises);
            bytes32 digest = digestOf(STATE, wordsOf(renamed));
            vm.expectRevert(invalidSignature(recovered(digest, _signed.rB, _signed.vsB), signerB));
            vm.prank(partyA);
            duplexes.challenge(channel, renamed, _signed);
            vm.revertToState(state);
        }
    }

    /// @dev A fight that both ended together is over with its epoch: it holds up nothing and pays nothing.
    function test_Reopen_TheOldEpochsFightIsDead() public {
        for (uint256 end = 1; end < ENDS; ++end) {
            uint256 state = vm.snapshotState();
            challenge(partyB, promisingState(5, 600));
            endTogether(end);
            assertFight(0, 0, 0, 0, 0);
            if (end != 3) open();
            vm.warp(BOUND);
            vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.NotChallenged.selector, channelId, 1));
            payOut(list());
            vm.expectRevert(wrongEpoch(0, 1));
            answer(_old);
            assertNoReserve(0);

            challenge(partyA, State(1, 2, 0, 0));
            assertFight(1, 0, 2, BOUND + WINDOW, 0);
            vm.warp(BOUND + WINDOW);
            payOut();
            vm.assertEq(token.balanceOf(address(duplexes)), 0, "all of it is paid");
            vm.revertToState(state);
        }
    }

    function test_Reopen_InTheSameBlockAsTheEndIsAnEpochOfItsOwn() public {
        closeTogether(100);
        open();
        closeTogether(-100);
        open();
        challenge(partyA, stateOf(1, 50));
        assertDuplex(DEPOSIT_A, DEPOSIT_B, 2);
        assertFight(2, 50, 1, OVER, 0);
        assertFight(0, 0, 0, 0, 0);
        assertBack(0, 0);
    }

    /// @dev The old epoch's promises are paid and swept from its own reserve, while the new one lives and fights.
    function test_Reopen_LeavesTheOldEpochsReserveAlone() public {
        fight(100);
        open();
        challenge(partyB, stateOf(1, 300));
        record(0, 0, 50);
        collect(0);
        assertDuplex(DEPOSIT_A, DEPOSIT_B, 1);
        assertReserve(0, 50, 50, 20, 0);
        vm.assertEq(token.balanceOf(address(duplexes)), ALL + 20, "the new deposits, and the rest of the reserve");

        vm.warp(UNTIL);
        payOut();
        vm.assertEq(token.balanceOf(address(duplexes)), 20, "the rest of the reserve");
        sweep(0);
        vm.assertEq(token.balanceOf(partyA), PURSE - 150 - 300, "A");
        vm.assertEq(token.balanceOf(partyB), PURSE + 150 + 300, "B");
    }

    /// @dev The same promises in two epochs: each has its own records and its own reserve.
    function test_Reopen_ReservesOfTwoEpochsStandSideBySide() public {
        promised[0].expiry = uint48(OVER + 3 * WINDOW);
        promised[1].expiry = uint48(OVER + 3 * WINDOW);
        uint256 until = BOUND;
        fight(100);
        open();
        fight(-200);
        assertReserve(0, 50, 0, 20, 0);
        assertReserve(1, 50, 0, 20, 0);
        assertReserveEnd(0, until, listHash(list()));
        assertReserveEnd(1, until + WINDOW, listHash(list()));

        record(1, 0, 50);
        vm.expectRevert(nothingToCollect(0));
        collect(0);
        collect(1);
        assertReserve(0, 50, 0, 20, 0);
        assertReserve(1, 50, 50, 20, 0);
        vm.warp(until);
        sweep(0);
        assertNoReserve(0);
        assertReserve(1, 50, 50, 20, 0);
        record(1, 1, 20);
        collect(1);
        vm.warp(until + WINDOW);
        sweep(1);
        vm.assertEq(token.balanceOf(address(duplexes)), 0, "nothing is left");
        vm.assertEq(token.balanceOf(partyA), PURSE - 100 + 200 - 50 + 20, "A");
    }

    function test_Reopen_ByWithdrawTogetherCarriesExactlyWhatStays() public {
        withdrawTogether(100, 10, 20);
        withdrawTogether(-50, 0, 40);
        fight(200);
        uint256 ofA = DEPOSIT_A - 100 - 10 + 50;
        uint256 ofB = DEPOSIT_B + 100 - 20 - 50 - 40;
        assertReserve(2, 50, 0, 20, 0);
        vm.assertEq(token.balanceOf(partyA), PURSE - DEPOSIT_A + 10 + ofA - 200 - 50, "A");
        vm.assertEq(token.balanceOf(partyB), PURSE - DEPOSIT_B + 60 + ofB + 200 - 20, "B");
    }

    function endAndReopen(uint256 end) private {
        if (end == 0) {
            challenge(partyA, stateOf(10, 0));
            vm.warp(OVER);
            payOut();
        } else {
            endTogether(end);
        }
        if (end != 3) open();
    }

    function endTogether(uint256 end) private {
        if (end == 1) closeTogether(0);
        if (end == 2) withdrawTogether(0, DEPOSIT_A, DEPOSIT_B);
        if (end == 3) withdrawTogether(0, 10, 20);
    }

    function refusesOldStates() private {
        vm.expectRevert(wrongEpoch(0, 1));
        vm.prank(partyA);
        duplexes.challenge(channel, _old, _signed);
        vm.expectRevert(wrongEpoch(0, 1));
        duplexes.answer(channel, _old, _signed);
        (bytes32 r, bytes32 vs) = sign(KEY_A, digestOf(CHALLENGE, abi.encode(channelId, 0, _old.version, LATEST)));
        vm.expectRevert(wrongEpoch(0, 1));
        duplexes.challengeBySig(channel, _old, _signed, true, LATEST, r, vs);
    }
}
