// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPayouts} from "../../../contracts/interfaces/IPayouts.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {EscrowTest} from "../support/EscrowTest.sol";
import {vm} from "../support/Vm.sol";

contract CreditsTest is EscrowTest {
    address private constant ELSEWHERE = address(0xE15E);

    function setUp() public override {
        super.setUp();
        terms.feeBps = 0;
    }

    function credited() private {
        authorized();
        token.deny(payee, true);
        capture(0);
        assertCredit(payee, AMOUNT);
    }

    function creditedNative() private returns (MoodyParty party) {
        party = new MoodyParty();
        party.be(MoodyParty.Mood.REVERTS);
        (payee, terms.payee, terms.token) = (address(party), address(party), NATIVE);
        authorized();
        capture(0);
        assertCredit(payee, AMOUNT);
    }

    function noCredit(address owner) private view returns (bytes memory) {
        return abi.encodeWithSelector(IPayouts.NoCredit.selector, terms.token, owner);
    }

    function failed(address to) private view returns (bytes memory) {
        return abi.encodeWithSelector(IPayouts.PushFailed.selector, terms.token, to, AMOUNT);
    }

    function test_Credit_IsKeptWhen_APushFails() public {
        authorized();
        token.deny(payee, true);
        vm.expectEmit();
        emit IPayouts.Credited(address(token), payee, AMOUNT);
        capture(0);
        assertSolvent();
    }

    function test_Credit_AddsUp() public {
        authorized();
        token.deny(payee, true);
        capture(10);
        capture(0);
        assertCredit(payee, AMOUNT);
    }

    function test_WithdrawCredit_SendsItAllToAnyAddressOnce() public {
        credited();
        vm.expectEmit();
        emit IPayouts.CreditWithdrawn(address(token), payee, ELSEWHERE, AMOUNT);
        vm.prank(payee);
        escrow.withdrawCredit(address(token), ELSEWHERE);
        assertBalance(ELSEWHERE, AMOUNT);
        assertCredit(payee, 0);
        assertSolvent();

        vm.expectRevert(noCredit(payee));
        vm.prank(payee);
        escrow.withdrawCredit(address(token), ELSEWHERE);
    }

    function test_WithdrawCredit_SendsNativeCurrency() public {
        MoodyParty party = creditedNative();
        party.act(address(escrow), 0, abi.encodeCall(escrow.withdrawCredit, (NATIVE, ELSEWHERE)));
        assertBalance(ELSEWHERE, AMOUNT);
        assertCredit(payee, 0);
    }

    function test_WithdrawCredit_IsTheOwnersOnly() public {
        credited();
        vm.expectRevert(noCredit(stranger));
        vm.prank(stranger);
        escrow.withdrawCredit(address(token), stranger);
        vm.expectRevert(abi.encodeWithSelector(IPayouts.NoCredit.selector, NATIVE, payee));
        vm.prank(payee);
        escrow.withdrawCredit(NATIVE, payee);
    }

    function test_WithdrawCredit_RevertsWhen_ItWouldGoNowhere() public {
        credited();
        address[2] memory nowhere = [address(0), address(escrow)];
        for (uint256 i; i < nowhere.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IPayouts.InvalidRecipient.selector, nowhere[i]));
            vm.prank(payee);
            escrow.withdrawCredit(address(token), nowhere[i]);
        }
    }

    function test_WithdrawCredit_KeepsTheCreditWhen_ThePushFails() public {
        credited();
        vm.expectRevert(failed(payee));
        vm.prank(payee);
        escrow.withdrawCredit(address(token), payee);
        assertCredit(payee, AMOUNT);
    }

    function test_PushCredit_ByAnyoneGoesToItsOwner() public {
        credited();
        token.deny(payee, false);
        vm.prank(stranger);
        escrow.pushCredit(address(token), payee);
        assertBalance(payee, AMOUNT);
        assertCredit(payee, 0);
        vm.expectRevert(noCredit(payee));
        escrow.pushCredit(address(token), payee);
    }

    function test_PushCredit_KeepsTheCreditWhen_ThePushFails() public {
        MoodyParty party = creditedNative();
        vm.expectRevert(failed(payee));
        escrow.pushCredit(NATIVE, payee);
        assertCredit(payee, AMOUNT);
        party.be(MoodyParty.Mood.ACCEPTS);
        escrow.pushCredit(NATIVE, payee);
        assertBalance(payee, AMOUNT);
    }

    /// @dev Money comes in without a gas cap, so it must also be able to leave without one.
    function test_Credit_LeavesATokenTooDearForAPush() public {
        authorized();
        token.weigh(400_000);
        capture(0);
        assertCredit(payee, AMOUNT);
        escrow.pushCredit(address(token), payee);
        assertBalance(payee, AMOUNT);
        assertSolvent();
    }

    function test_PushCredit_WithLittleGasLosesNothing() public {
        credited();
        token.deny(payee, false);
        token.be(MoodyToken.Mood.FALSE_MOVED);
        for (uint256 gasGiven = 5000; gasGiven < 120_000; gasGiven += 500) {
            uint256 snapshot = vm.snapshotState();
            (bool success,) =
                address(escrow).call{gas: gasGiven}(abi.encodeCall(escrow.pushCredit, (address(token), payee)));
            vm.assertEq(balanceOf(payee), success ? AMOUNT : 0, "arrived");
            assertCredit(payee, success ? 0 : AMOUNT);
            vm.revertToState(snapshot);
        }
    }

    function test_Credit_LeavesToAnOwnerTooThirstyForAPush() public {
        MoodyParty party = creditedNative();
        party.thirst(1_000_000);
        escrow.pushCredit(NATIVE, payee);
        assertBalance(payee, AMOUNT);
    }

    /// @dev A caller with little gas could otherwise turn each payment into a credit. 1500 may go on the way in, the rest of
    /// the promised gas must be there, cold accounts and all.
    function test_Push_IsNeverStarvedIntoACredit() public {
        authorized();
        token.thirst(200_000 - 1500);
        starve(150_000, 500_000);
    }

    function test_Push_OfNativeCurrencyIsNeverStarvedIntoACredit() public {
        MoodyParty party = new MoodyParty();
        party.thirst(50_000 + 2300 - 3000);
        (payee, terms.payee, terms.token) = (address(party), address(party), NATIVE);
        authorized();
        starve(20_000, 300_000);
    }

    function starve(uint256 least, uint256 most) private {
        bool refused;
        bool paid;
        for (uint256 gasGiven = least; gasGiven < most; gasGiven += 1000) {
            uint256 snapshot = vm.snapshotState();
            vm.prank(operator);
            (bool success, bytes memory answer) =
                address(escrow).call{gas: gasGiven}(abi.encodeCall(escrow.capture, (terms, 0)));
            if (!success && bytes4(answer) == IPayouts.NotEnoughGas.selector) refused = true;
            if (success) paid = true;
            assertCredit(payee, 0);
            vm.revertToState(snapshot);
        }
        vm.assertTrue(refused && paid, "both sides of the limit");
    }
}
