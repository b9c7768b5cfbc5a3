// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPayouts} from "../../../contracts/interfaces/IPayouts.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {ThirstyReceiver} from "../mocks/Thirsty.sol";
import {ChannelsCase} from "../support/ChannelsCase.sol";
import {vm} from "../support/Vm.sol";

/// @notice withdrawCredit and pushCredit.
contract CreditsTest is ChannelsCase {
    uint96 private constant OWED = 300;
    MoodyToken private _moody;

    function setUp() public override {
        super.setUp();
        _moody = moodyToken();
        use(address(_moody));
        open(DEPOSIT);
        _moody.be(MoodyToken.Mood.REVERTS);
        claim(0, OWED);
    }

    function test_Credits_AreMadeByAPushThatFails() public {
        use(NATIVE);
        vm.etch(payee, address(new MoodyParty()).code);
        MoodyParty(payable(payee)).be(MoodyParty.Mood.REVERTS);
        open(DEPOSIT);
        vm.expectEmit();
        emit IPayouts.Credited(NATIVE, payee, OWED);
        claim(0, OWED);
        vm.assertEq(channels.credits(NATIVE, payee), OWED, "native");
        vm.assertEq(channels.credits(address(_moody), payee), OWED, "token");
    }

    function test_WithdrawCredit_SendsAllOfItWhereTheOwnerLikes() public {
        _moody.be(MoodyToken.Mood.PLAIN);
        vm.expectEmit();
        emit IPayouts.CreditWithdrawn(address(_moody), payee, stranger, OWED);
        vm.prank(payee);
        channels.withdrawCredit(address(_moody), stranger);

        vm.assertEq(_moody.balanceOf(stranger), OWED, "sent");
        vm.assertEq(channels.credits(address(_moody), payee), 0, "gone");
        _refusesNothing(payee);
    }

    function test_WithdrawCredit_RevertsWhen_NothingIsOwed() public {
        _moody.be(MoodyToken.Mood.PLAIN);
        _refusesNothing(stranger);
    }

    function test_WithdrawCredit_RevertsWhen_ItWouldComeBackOrBurn() public {
        _moody.be(MoodyToken.Mood.PLAIN);
        address[2] memory bad = [address(0), address(channels)];
        for (uint256 i = 0; i < bad.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IPayouts.InvalidRecipient.selector, bad[i]));
            vm.prank(payee);
            channels.withdrawCredit(address(_moody), bad[i]);
        }
    }

    function test_WithdrawCredit_RevertsAndKeepsItWhen_ThePushFails() public {
        MoodyToken.Mood[2] memory moods = [MoodyToken.Mood.REVERTS, MoodyToken.Mood.FALSE_UNMOVED];
        for (uint256 i = 0; i < moods.length; ++i) {
            _moody.be(moods[i]);
            _refusesPush(address(_moody));
        }
    }

    function test_WithdrawCredit_OfATokenThatAnswersFalseButMoves() public {
        _moody.be(MoodyToken.Mood.FALSE_MOVED);
        vm.prank(payee);
        channels.withdrawCredit(address(_moody), stranger);
        vm.assertEq(_moody.balanceOf(stranger), OWED, "sent");
    }

    /// @dev A token dearer than a push may cost still leaves: the owner pays for the gas.
    function test_WithdrawCredit_IsNotCapped() public {
        _moody.be(MoodyToken.Mood.PLAIN);
        _moody.weigh(500_000);
        claim(0, OWED + 1);
        vm.assertEq(channels.credits(address(_moody), payee), OWED + 1, "too dear for a push");
        vm.prank(payee);
        channels.withdrawCredit(address(_moody), payee);
        vm.assertEq(_moody.balanceOf(payee), OWED + 1, "sent");
    }

    function test_PushCredit_SendsItToItsOwnerWhoeverCalls() public {
        _moody.be(MoodyToken.Mood.PLAIN);
        vm.prank(stranger);
        channels.pushCredit(address(_moody), payee);
        vm.assertEq(_moody.balanceOf(payee), OWED, "sent");
        vm.expectRevert(abi.encodeWithSelector(IPayouts.NoCredit.selector, address(_moody), payee));
        channels.pushCredit(address(_moody), payee);
    }

    function test_PushCredit_RevertsAndKeepsItWhen_TheOwnerRefuses() public {
        MoodyParty party = new MoodyParty();
        payee = address(party);
        use(NATIVE);
        open(DEPOSIT);
        party.be(MoodyParty.Mood.REVERTS);
        claim(0, OWED);
        vm.expectRevert(abi.encodeWithSelector(IPayouts.PushFailed.selector, NATIVE, payee, OWED));
        channels.pushCredit(NATIVE, payee);

        party.be(MoodyParty.Mood.ACCEPTS);
        channels.pushCredit(NATIVE, payee);
        vm.assertEq(payee.balance, OWED, "sent");
    }

    function test_PushCredit_OfNativeMoneyIsNotCapped() public {
        payee = address(new ThirstyReceiver(200_000));
        use(NATIVE);
        open(DEPOSIT);
        claim(0, OWED);
        vm.assertEq(channels.credits(NATIVE, payee), OWED, "too dear for a push");
        channels.pushCredit(NATIVE, payee);
        vm.assertEq(payee.balance, OWED, "sent");
    }

    function test_Credits_AddUpAndAreNobodyElses() public {
        claim(0, OWED + 7);
        vm.assertEq(channels.credits(address(_moody), payee), OWED + 7, "both");
        vm.assertEq(channels.credits(address(_moody), payer), 0, "payer");
        vm.assertEq(channels.credits(NATIVE, payee), 0, "native");
    }

    function _refusesNothing(address owner) private {
        vm.expectRevert(abi.encodeWithSelector(IPayouts.NoCredit.selector, address(_moody), owner));
        vm.prank(owner);
        channels.withdrawCredit(address(_moody), owner);
    }

    function _refusesPush(address token_) private {
        vm.expectRevert(abi.encodeWithSelector(IPayouts.PushFailed.selector, token_, stranger, OWED));
        vm.prank(payee);
        channels.withdrawCredit(token_, stranger);
        vm.assertEq(channels.credits(token_, payee), OWED, "kept");
    }
}
