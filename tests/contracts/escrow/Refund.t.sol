// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {IPayouts} from "../../../contracts/interfaces/IPayouts.sol";
import {Holding} from "../../../contracts/types/Holding.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {EscrowTest} from "../support/EscrowTest.sol";
import {vm} from "../support/Vm.sol";

contract RefundTest is EscrowTest {
    uint96 private constant HELD = 1000;
    uint96 private constant PAID = AMOUNT - HELD;

    function captured() private returns (bytes32 paymentId) {
        paymentId = authorized();
        capture(HELD);
    }

    function test_Refund_PassesTheSendersTokensToThePayer() public {
        captured();
        uint256 before = balanceOf(payee);
        refund(operator, HELD, PAID - 300, 300);
        assertHolding(HELD, PAID - 300);
        assertBalance(payer, 300);
        assertBalance(operator, 0);
        assertBalance(payee, before);
        assertSolvent();
    }

    function test_Refund_PassesNativeCurrency() public {
        terms.token = NATIVE;
        captured();
        refund(operator, HELD, 0, PAID);
        assertHolding(HELD, 0);
        assertBalance(payer, PAID);
        assertSolvent();
    }

    function test_Refund_EmitsThePaymentsWholeWord() public {
        bytes32 paymentId = captured();
        equip(payee, 1);
        vm.expectEmit();
        emit IEscrow.Refunded(paymentId, Holding.wrap(1 << 255 | uint256(PAID - 1) << 96 | HELD));
        vm.prank(payee);
        escrow.refund(terms, HELD, PAID - 1);
    }

    function test_Refund_RevertsWhen_SomebodyElseCalls() public {
        captured();
        address[3] memory callers = [payer, feeRecipient, stranger];
        for (uint256 i; i < callers.length; ++i) {
            equip(callers[i], PAID);
            vm.expectRevert(abi.encodeWithSelector(IEscrow.NotPayeeOrOperator.selector, callers[i]));
            vm.prank(callers[i]);
            escrow.refund(terms, HELD, 0);
        }
    }

    function test_Refund_RevertsWhen_TheLevelIsReachedAlready() public {
        bytes32 paymentId = captured();
        refund(payee, HELD, 7, PAID - 7);
        equip(payee, PAID);
        for (uint96 level = 7; level <= 8; ++level) {
            vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingToRefund.selector, paymentId, 7, level));
            vm.prank(payee);
            escrow.refund(terms, HELD, level);
        }
    }

    /// @dev Else a refund repeated after another capture would pay a second time.
    function test_Refund_RevertsWhen_TheHoldChanged() public {
        bytes32 paymentId = captured();
        capture(HELD - 1);
        equip(payee, PAID);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.HeldChanged.selector, paymentId, HELD - 1, HELD));
        vm.prank(payee);
        escrow.refund(terms, HELD, 0);
    }

    function test_Refund_RevertsWhen_ThePayeeWasPaidNothing() public {
        bytes32 paymentId = authorized();
        equip(payee, 1);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingToRefund.selector, paymentId, 0, 0));
        vm.prank(payee);
        escrow.refund(terms, AMOUNT, 0);
    }

    function test_Refund_RevertsWhen_RefundExpiryIsNowOrOneSecondAgo() public {
        captured();
        for (uint256 time = terms.refundExpiry; time <= terms.refundExpiry + 1; ++time) {
            vm.warp(time);
            equip(payee, 1);
            vm.expectRevert(abi.encodeWithSelector(IEscrow.RefundExpired.selector, time, terms.refundExpiry));
            vm.prank(payee);
            escrow.refund(terms, HELD, PAID - 1);
        }
        vm.warp(terms.refundExpiry - 1);
        refund(payee, HELD, PAID - 1, 1);
    }

    function test_Refund_IsLegalAfterTheHoldExpired() public {
        captured();
        vm.warp(terms.authorizationExpiry);
        escrow.expire(terms);
        uint96 paid = PAID + HELD * 3333 / 10_000;
        refund(payee, 0, 0, paid);
        assertHolding(0, 0);
    }

    function test_Refund_RevertsWhen_TheValueIsNotTheAmount() public {
        terms.token = NATIVE;
        captured();
        vm.deal(payee, 2 * uint256(PAID));
        uint256[3] memory values = [uint256(0), PAID - 1, PAID + 1];
        for (uint256 i; i < values.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, values[i], PAID));
            vm.prank(payee);
            escrow.refund{value: values[i]}(terms, HELD, 0);
        }
    }

    function test_Refund_RevertsWhen_ValueComesWithTokens() public {
        captured();
        equip(payee, PAID);
        vm.deal(payee, 1);
        vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, 1, 0));
        vm.prank(payee);
        escrow.refund{value: 1}(terms, HELD, 0);
    }

    function test_Refund_RevertsWhen_LessArrivesThanWasOwed() public {
        captured();
        equip(payee, PAID);
        MoodyToken.Mood[2] memory moods = [MoodyToken.Mood.FEE_ON_ARRIVAL, MoodyToken.Mood.TRUE_UNMOVED];
        for (uint256 i; i < moods.length; ++i) {
            token.be(moods[i]);
            uint256 received = i == 0 ? PAID - token.FEE() : 0;
            vm.expectRevert(abi.encodeWithSelector(IFunding.InexactTransfer.selector, token, received, PAID));
            vm.prank(payee);
            escrow.refund(terms, HELD, 0);
        }
        assertHolding(HELD, PAID);
    }

    function test_Refund_ToThePayerFromItselfRevertsWhen_ItMovesNothing() public {
        terms.operator = payer;
        captured();
        equip(payer, PAID);
        vm.expectRevert(abi.encodeWithSelector(IFunding.InexactTransfer.selector, token, 0, PAID));
        vm.prank(payer);
        escrow.refund(terms, HELD, 0);
    }

    function test_Refund_BecomesACreditWhen_ThePayerCannotBeReached() public {
        captured();
        token.deny(payer, true);
        refund(operator, HELD, 0, PAID);
        assertHolding(HELD, 0);
        assertCredit(payer, PAID);
        assertBalance(operator, 0);
        assertSolvent();
    }

    function test_Refund_RevertsWhen_TheGasWouldStarveTheTransfer() public {
        captured();
        equip(payee, PAID);
        vm.expectPartialRevert(IPayouts.NotEnoughGas.selector);
        vm.prank(payee);
        escrow.refund{gas: 300_000}(terms, HELD, 0);
    }

    function test_Refund_NeverRearmsTheHold() public {
        bytes32 paymentId = captured();
        refund(payee, HELD, 0, PAID);
        capture(0);
        assertHolding(0, HELD);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingToMove.selector, paymentId, 0, 0));
        capture(0);
    }
}
