// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {State} from "../../../contracts/types/DuplexMessages.sol";
import {DuplexPromises} from "../../../contracts/types/DuplexPromise.sol";
import {DuplexPromising} from "../support/DuplexPromising.sol";
import {vm} from "../support/Vm.sol";

/// @notice What a payout keeps for the promises of the state that it pays by, and for how long.
contract PayOutPromisesTest is DuplexPromising {
    function setUp() public override {
        super.setUp();
        addPromise(true, 50, EXPIRY);
        addPromise(false, 20, EXPIRY - 1);
    }

    function test_PayOut_KeepsBothDirectionsTotalsAndPaysTheRest() public {
        challenge(partyA, promisingState(1, 100));
        vm.warp(OVER);
        vm.expectEmit();
        emit IDuplexChannels.PaidOut(channelId, wordOf(DEPOSIT_A - 100, DEPOSIT_B + 100, 0));
        vm.expectEmit();
        emit IDuplexChannels.Reserved(channelId, 0, 50, 20, UNTIL);
        payOut(list());

        assertDuplex(0, 0, 1);
        assertFight(0, 0, 0, 0, 0);
        assertReserve(0, 50, 0, 20, 0);
        assertReserveEnd(0, UNTIL, listHash(list()));
        assertBack(DEPOSIT_A - 150, DEPOSIT_B + 80);
    }

    /// @dev No party's promises take from the other's share, however much they promise.
    function test_PayOut_KeepsNoMoreThanEachPartysShare() public {
        int256[14] memory nets = netsAtTheBounds();
        uint96[4] memory totals = [uint96(0), 1, ALL, type(uint96).max];
        DuplexPromises memory promises = list();
        for (uint256 i = 0; i < nets.length * 16; ++i) {
            uint256 state = vm.snapshotState();
            (promises.totalFromA, promises.totalFromB) = (totals[i % 4], totals[i / 4 % 4]);
            challenge(partyA, State(0, 1, nets[i / 16], listHash(promises)));
            vm.warp(OVER);
            payOut(promises);
            (uint256 toA, uint256 toB) = sharesOf(DEPOSIT_A, DEPOSIT_B, nets[i / 16]);
            uint256 fromA = toA < promises.totalFromA ? toA : promises.totalFromA;
            uint256 fromB = toB < promises.totalFromB ? toB : promises.totalFromB;
            assertReserve(0, fromA, 0, fromB, 0);
            assertBack(toA - fromA, toB - fromB);
            vm.revertToState(state);
        }
    }

    /// @dev A window after the last expiry, but that counts no later than a promise window after the deadline, nor before it.
    function test_PayOut_KeepsItForAWindowAfterTheLastExpiryWithinThePromiseWindow() public {
        uint48[8] memory expiries = [
            0,
            uint48(NOW),
            uint48(OVER),
            uint48(OVER + 1),
            uint48(OVER + PROMISE_WINDOW - 1),
            uint48(OVER + PROMISE_WINDOW),
            uint48(OVER + PROMISE_WINDOW + 1),
            type(uint48).max
        ];
        uint256[8] memory untils =
            [OVER + WINDOW, OVER + WINDOW, OVER + WINDOW, OVER + WINDOW + 1, BOUND - 1, BOUND, BOUND, BOUND];
        for (uint256 i = 0; i < expiries.length; ++i) {
            endsAt(expiries[i], untils[i]);
        }
    }

    function test_PayOut_CountsOnlyThePromisesOfTheNewestState() public {
        challenge(partyA, promisingState(1, 0));
        State memory newer = stateOf(2, 0);
        answer(newer);
        vm.warp(OVER);
        payOut();
        assertNoReserve(0);
        assertBack(DEPOSIT_A, DEPOSIT_B);
    }

    function test_PayOut_RevertsWhen_ThePromisesAreTheOldStates() public {
        challenge(partyA, promisingState(1, 0));
        DuplexPromises memory old = list();
        addPromise(true, 5, EXPIRY);
        answer(promisingState(2, 0));
        vm.warp(OVER);
        vm.expectRevert(wrongPromises(listHash(old), listHash(list())));
        payOut(old);
        payOut(list());
        assertReserve(0, 55, 0, 20, 0);
    }

    function test_PayOut_RevertsWhen_AnyMemberOfThePromisesIsAnother() public {
        challenge(partyA, promisingState(1, 0));
        vm.warp(OVER);
        bytes32 expected = listHash(list());
        for (uint256 word = 0; word < 4; ++word) {
            DuplexPromises memory others = abi.decode(flip(abi.encode(list()), word), (DuplexPromises));
            vm.expectRevert(wrongPromises(listHash(others), expected));
            payOut(others);
        }
        DuplexPromises memory none;
        vm.expectRevert(wrongPromises(listHash(none), expected));
        payOut(none);
    }

    /// @dev Both signed a hash, of which one alone may know what it stands for, or nobody: that holds nothing for ever.
    function test_PayOut_NeedsNoPromisesOnceNoneCanStillHoldAnything() public {
        bytes32 hidden = keccak256("nobody knows of what");
        challenge(partyA, State(0, 1, 100, hidden));
        DuplexPromises memory none;
        uint256[3] memory times = [OVER, UNTIL, BOUND - 1];
        for (uint256 i = 0; i < times.length; ++i) {
            vm.warp(times[i]);
            vm.expectRevert(wrongPromises(listHash(none), hidden));
            payOut(none);
        }
        vm.warp(BOUND);
        payOut(none);
        assertNoReserve(0);
        assertBack(DEPOSIT_A - 100, DEPOSIT_B + 100);
    }

    /// @dev The reserve's end is counted from the deadline, so nobody keeps money longer by paying out late.
    function test_PayOut_ThatComesLateReservesUntilTheSameSecond() public {
        challenge(partyA, promisingState(1, 100));
        vm.warp(UNTIL - 1);
        payOut(list());
        assertReserveEnd(0, UNTIL, listHash(list()));
        assertBack(DEPOSIT_A - 150, DEPOSIT_B + 80);
    }

    function test_PayOut_ThatComesAtTheEndOfTheReserveKeepsNothing() public {
        challenge(partyA, promisingState(1, 100));
        vm.warp(UNTIL);
        vm.recordLogs();
        payOut(list());
        vm.assertEq(vm.getRecordedLogs().length, 3, "paid out, and two transfers");
        assertNoReserve(0);
        assertBack(DEPOSIT_A - 100, DEPOSIT_B + 100);
    }

    /// @dev What came into the fight after the challenge covers its promises too.
    function test_PayOut_ReservesFromDepositsOfTheFightItself() public {
        addPromise(true, 600, EXPIRY);
        challenge(partyA, promisingState(1, 100));
        deposit(partyA, 0, 30);
        vm.warp(OVER);
        payOut(list());
        assertReserve(0, 630, 0, 20, 0);
    }

    function test_PayOut_OfNativeMoneyReservesAsWell() public {
        use(NATIVE);
        open();
        fight(100);
        assertReserve(0, 50, 0, 20, 0);
        assertBack(DEPOSIT_A - 150, DEPOSIT_B + 80);
    }

    function endsAt(uint48 lastExpiry, uint256 until) private {
        uint256 state = vm.snapshotState();
        DuplexPromises memory promises = list();
        promises.lastExpiry = lastExpiry;
        challenge(partyA, State(0, 1, 0, listHash(promises)));
        vm.warp(OVER);
        payOut(promises);
        assertReserveEnd(0, until, listHash(promises));
        vm.warp(until - 1);
        vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.ReserveNotOver.selector, until - 1, until));
        sweep(0);
        vm.warp(until);
        sweep(0);
        assertBack(DEPOSIT_A, DEPOSIT_B);
        vm.revertToState(state);
    }
}
