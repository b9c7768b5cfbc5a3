// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {CloseTogether, Signatures} from "../../../contracts/types/DuplexMessages.sol";
import {DuplexCase} from "../support/DuplexCase.sol";
import {vm} from "../support/Vm.sol";

contract CloseTogetherTest is DuplexCase {
    function setUp() public override {
        super.setUp();
        open();
    }

    function test_CloseTogether_PaysBothAndEndsTheEpoch() public {
        vm.expectEmit();
        emit IDuplexChannels.ClosedTogether(channelId, wordOf(DEPOSIT_A - 100, DEPOSIT_B + 100, 0));
        closeTogether(100);

        assertDuplex(0, 0, 1);
        assertBack(DEPOSIT_A - 100, DEPOSIT_B + 100);
    }

    function test_CloseTogether_PaysNativeMoneyToBoth() public {
        use(NATIVE);
        open();
        closeTogether(-100);
        assertBack(DEPOSIT_A + 100, DEPOSIT_B - 100);
    }

    function test_CloseTogether_ClipsAnImpossibleNet() public {
        int256[14] memory nets = netsAtTheBounds();
        for (uint256 i = 0; i < nets.length; ++i) {
            uint256 state = vm.snapshotState();
            (uint256 toA, uint256 toB) = sharesOf(DEPOSIT_A, DEPOSIT_B, nets[i]);
            vm.expectEmit();
            emit IDuplexChannels.ClosedTogether(channelId, wordOf(toA, toB, 0));
            closeTogether(nets[i]);
            assertBack(toA, toB);
            vm.revertToState(state);
        }
    }

    function test_CloseTogether_NeverPaysMoreNorLessThanBothDeposits(int256 net, uint8 shift, uint96 byA, uint96 byB)
        public
    {
        net >>= shift;
        uint256 room = type(uint96).max - uint256(DEPOSIT_A) - DEPOSIT_B;
        byA = uint96(byA % room);
        byB = uint96(byB % (room - byA));
        if (byA != 0) deposit(partyA, 0, byA);
        if (byB != 0) deposit(partyB, 0, byB);
        closeTogether(net);
        (uint256 toA, uint256 toB) = sharesOf(uint256(DEPOSIT_A) + byA, uint256(DEPOSIT_B) + byB, net);
        vm.assertEq(token.balanceOf(partyA), PURSE - DEPOSIT_A - byA + toA, "A");
        vm.assertEq(token.balanceOf(partyB), PURSE - DEPOSIT_B - byB + toB, "B");
        vm.assertEq(token.balanceOf(address(duplexes)), 0, "nothing is left");
    }

    function test_CloseTogether_CountsUntilTheSecondBeforeItsDeadline() public {
        for (uint256 time = LATEST; time <= LATEST + 1; ++time) {
            vm.warp(time);
            vm.expectRevert(deadlinePassed(time, LATEST));
            closeTogether(CloseTogether(0, 100, LATEST));
        }
        vm.warp(LATEST - 1);
        closeTogether(CloseTogether(0, 100, LATEST));
        assertBack(DEPOSIT_A - 100, DEPOSIT_B + 100);
    }

    function test_CloseTogether_RevertsWhen_ItWasMeantForAnotherEpoch() public {
        closeTogether(0);
        open();
        for (uint32 epoch = 0; epoch <= 2; epoch += 2) {
            vm.expectRevert(wrongEpoch(epoch, 1));
            closeTogether(CloseTogether(epoch, 100, LATEST));
        }
    }

    function test_CloseTogether_RevertsTheSecondTime() public {
        closeTogether(CloseTogether(0, 100, LATEST));
        vm.expectRevert(notOpen());
        closeTogether(CloseTogether(0, 100, LATEST));
        open();
        vm.expectRevert(wrongEpoch(0, 1));
        closeTogether(CloseTogether(0, 100, LATEST));
    }

    /// @dev A dirty word makes another id, under which nothing is open: no member is read before that is known.
    function test_CloseTogether_UnderADirtyIdFindsNoChannel() public {
        for (uint256 member = 0; member < 5; ++member) {
            CloseTogether memory end = CloseTogether(0, 100, LATEST);
            Signatures memory signatures = signBoth(CLOSE_TOGETHER, wordsOf(end));
            bytes memory data = abi.encodeCall(duplexes.closeTogether, (channel, end, signatures));
            data[4 + 32 * member] = 0x01;
            (bool success, bytes memory reason) = address(duplexes).call(data);
            vm.assertTrue(!success && bytes4(reason) == IDuplexChannels.NotOpen.selector, "not open");
        }
    }

    /// @dev Deposits stand outside what was signed: a top-up of the same block goes back to whoever made it.
    function test_CloseTogether_GivesATopUpInTheSameBlockBack() public {
        deposit(partyA, 0, 50);
        closeTogether(100);
        vm.assertEq(token.balanceOf(partyA), PURSE - 100, "A");
        vm.assertEq(token.balanceOf(partyB), PURSE + 100, "B");
    }

    function test_CloseTogether_IsLegalAtEverySecondOfAFight() public {
        uint256[4] memory times = [NOW, OVER - 1, OVER, OVER + 10 days];
        for (uint256 i = 0; i < times.length; ++i) {
            uint256 state = vm.snapshotState();
            challenge(partyA, stateOf(5, 600));
            vm.warp(times[i]);
            closeTogether(100);
            assertDuplex(0, 0, 1);
            assertBack(DEPOSIT_A - 100, DEPOSIT_B + 100);
            vm.revertToState(state);
        }
    }

    function test_CloseTogether_PaysNobodyWhoHasNothing() public {
        token.mint(address(duplexes), 1);
        vm.recordLogs();
        closeTogether(int256(uint256(DEPOSIT_A)));
        vm.assertEq(vm.getRecordedLogs().length, 2, "the end and one transfer");
        assertBalances(PURSE - DEPOSIT_A, PURSE + DEPOSIT_A, 1);
    }

    function assertBalances(uint256 ofA, uint256 ofB, uint256 held) private view {
        vm.assertEq(token.balanceOf(partyA), ofA, "A");
        vm.assertEq(token.balanceOf(partyB), ofB, "B");
        vm.assertEq(token.balanceOf(address(duplexes)), held, "held");
    }
}
