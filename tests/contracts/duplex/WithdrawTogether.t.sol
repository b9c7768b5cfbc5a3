// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {Signatures, State, WithdrawTogether} from "../../../contracts/types/DuplexMessages.sol";
import {DuplexCase} from "../support/DuplexCase.sol";
import {vm} from "../support/Vm.sol";

contract WithdrawTogetherTest is DuplexCase {
    function setUp() public override {
        super.setUp();
        open();
    }

    function test_WithdrawTogether_FoldsTheNetPaysBothAndGoesOnInTheNextEpoch() public {
        vm.expectEmit();
        emit IDuplexChannels.WithdrawnTogether(channelId, wordOf(DEPOSIT_A - 120, DEPOSIT_B + 70, 1), 20, 30);
        withdrawTogether(100, 20, 30);

        assertDuplex(DEPOSIT_A - 120, DEPOSIT_B + 70, 1);
        assertBack(20, 30);
        closeTogether(0);
        assertBack(DEPOSIT_A - 100, DEPOSIT_B + 100);
    }

    function test_WithdrawTogether_PaysNativeMoney() public {
        use(NATIVE);
        open();
        withdrawTogether(-100, 800, 0);
        assertBack(800, 0);
        assertDuplex(0, 200, 1);
    }

    function test_WithdrawTogether_OfNothingOnlyFolds() public {
        withdrawTogether(100, 0, 0);
        assertDuplex(DEPOSIT_A - 100, DEPOSIT_B + 100, 1);
        assertBack(0, 0);
    }

    /// @dev Then nothing is open, and the epoch that comes next starts with a deposit.
    function test_WithdrawTogether_OfAllIsAnEnd() public {
        withdrawTogether(100, DEPOSIT_A - 100, DEPOSIT_B + 100);
        assertDuplex(0, 0, 1);
        vm.expectRevert(notOpen());
        vm.prank(partyA);
        duplexes.challenge(channel, State(1, 0, 0, 0), Signatures(0, 0, 0, 0));

        vm.expectEmit();
        emit IDuplexChannels.Opened(channelId, partyA, partyB, address(token), signerA, signerB, channel.periods);
        deposit(partyA, 1, 5);
        assertDuplex(5, 0, 1);
    }

    function test_WithdrawTogether_RevertsWhen_APartyTakesMoreThanItsShare() public {
        refusesShares(100, DEPOSIT_A - 99, 0, DEPOSIT_A - 99, DEPOSIT_A - 100);
        refusesShares(100, 0, DEPOSIT_B + 101, DEPOSIT_B + 101, DEPOSIT_B + 100);
        refusesShares(type(int256).max, 1, 0, 1, 0);
        refusesShares(type(int256).min, 0, 1, 1, 0);
        refusesShares(0, type(uint96).max, 0, type(uint96).max, DEPOSIT_A);
        refusesShares(0, 0, type(uint96).max, type(uint96).max, DEPOSIT_B);
        withdrawTogether(100, DEPOSIT_A - 100, DEPOSIT_B + 100);
        assertBack(DEPOSIT_A - 100, DEPOSIT_B + 100);
    }

    function test_WithdrawTogether_ClipsAnImpossibleNet() public {
        int256[14] memory nets = netsAtTheBounds();
        for (uint256 i = 0; i < nets.length; ++i) {
            uint256 state = vm.snapshotState();
            withdrawTogether(nets[i], 0, 0);
            (uint256 shareA, uint256 shareB) = sharesOf(DEPOSIT_A, DEPOSIT_B, nets[i]);
            assertDuplex(shareA, shareB, 1);
            vm.revertToState(state);
        }
    }

    function test_WithdrawTogether_CountsUntilTheSecondBeforeItsDeadline() public {
        for (uint256 time = LATEST; time <= LATEST + 1; ++time) {
            vm.warp(time);
            vm.expectRevert(deadlinePassed(time, LATEST));
            withdrawTogether(WithdrawTogether(0, 100, 20, 30, LATEST));
        }
        vm.warp(LATEST - 1);
        withdrawTogether(WithdrawTogether(0, 100, 20, 30, LATEST));
        assertBack(20, 30);
    }

    function test_WithdrawTogether_RevertsWhen_TheEpochIsAnotherOrOver() public {
        vm.expectRevert(wrongEpoch(1, 0));
        withdrawTogether(WithdrawTogether(1, 100, 20, 30, LATEST));
        withdrawTogether(WithdrawTogether(0, 100, 20, 30, LATEST));
        vm.expectRevert(wrongEpoch(0, 1));
        withdrawTogether(WithdrawTogether(0, 100, 20, 30, LATEST));

        closeTogether(0);
        vm.expectRevert(notOpen());
        withdrawTogether(WithdrawTogether(0, 100, 20, 30, LATEST));
    }

    /// @dev What stays is in an epoch that has one after it; the last but one can only be closed.
    function test_WithdrawTogether_RevertsWhen_TheNextEpochWouldBeTheLast() public {
        uint32 last = type(uint32).max;
        vm.store(address(duplexes), channelId, bytes32(uint256(last - 2) << 192 | uint256(DEPOSIT_B) << 96 | DEPOSIT_A));
        withdrawTogether(0, 20, 30);
        assertDuplex(DEPOSIT_A - 20, DEPOSIT_B - 30, last - 1);
        vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.NoEpochLeft.selector, channelId));
        withdrawTogether(WithdrawTogether(last - 1, 0, 1, 1, LATEST));
        closeTogether(0);
        assertBack(DEPOSIT_A, DEPOSIT_B);
    }

    /// @dev The fight's state is of the epoch before: nobody can answer it, be paid by it, or be held up by it.
    function test_WithdrawTogether_EndsAFightAtAnySecond() public {
        uint256[3] memory times = [NOW, OVER, OVER + 10 days];
        for (uint256 i = 0; i < times.length; ++i) {
            uint256 state = vm.snapshotState();
            State memory old = stateOf(6, 700);
            Signatures memory signatures = signed(old);
            challenge(partyB, stateOf(5, 600));
            vm.warp(times[i]);
            withdrawTogether(100, 0, 0);
            assertDuplex(DEPOSIT_A - 100, DEPOSIT_B + 100, 1);
            refusesPayOut();
            vm.expectRevert(wrongEpoch(0, 1));
            duplexes.answer(channel, old, signatures);
            challenge(partyA, stateOf(1, 0));
            assertFight(1, 0, 1, times[i] + WINDOW, 0);
            vm.revertToState(state);
        }
    }

    function refusesPayOut() private {
        vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.NotChallenged.selector, channelId, 1));
        payOut();
    }

    function refusesShares(int256 net, uint96 toA, uint96 toB, uint256 amount, uint256 share) private {
        vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.WithdrawalTooLarge.selector, amount, share));
        withdrawTogether(WithdrawTogether(0, net, toA, toB, LATEST));
    }
}
