// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {Holding} from "../../../contracts/types/Holding.sol";
import {EscrowTest} from "../support/EscrowTest.sol";
import {vm} from "../support/Vm.sol";

contract VoidTest is EscrowTest {
    function void(address caller, uint96 heldAfter) private {
        vm.prank(caller);
        escrow.void(terms, heldAfter);
    }

    function test_Void_GivesThePayerTheMoneyBackWithoutAFee() public {
        authorized();
        void(payee, 9);
        assertHolding(9, 0);
        assertBalance(payer, AMOUNT - 9);
        assertBalance(feeRecipient, 0);
        assertSolvent();
    }

    function test_Void_GivesNativeCurrencyBack() public {
        terms.token = NATIVE;
        authorized();
        void(operator, 0);
        assertBalance(payer, AMOUNT);
    }

    function test_Void_EmitsThePaymentsWholeWord() public {
        bytes32 paymentId = authorized();
        vm.expectEmit();
        emit IEscrow.Voided(paymentId, Holding.wrap(1 << 255 | 5));
        void(operator, 5);
    }

    function test_Void_RevertsWhen_ThePayerOrAStrangerCalls() public {
        authorized();
        address[3] memory callers = [payer, feeRecipient, stranger];
        for (uint256 i; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IEscrow.NotPayeeOrOperator.selector, callers[i]));
            void(callers[i], 0);
        }
    }

    function test_Void_ByTheOperatorRevertsWhen_ItMayNotCaptureYet() public {
        authorized();
        vm.warp(terms.captureFrom - 1);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.TooEarly.selector, terms.captureFrom - 1, terms.captureFrom));
        void(operator, 0);
        vm.warp(terms.captureFrom);
        void(operator, 0);
    }

    function test_Void_ByTheOperatorRevertsWhen_TheExpiryIsNowOrOneSecondAgo() public {
        authorized();
        vm.warp(terms.authorizationExpiry - 1);
        void(operator, 1);
        for (uint256 time = terms.authorizationExpiry; time <= terms.authorizationExpiry + 1; ++time) {
            vm.warp(time);
            vm.expectRevert(
                abi.encodeWithSelector(IEscrow.AuthorizationExpired.selector, time, terms.authorizationExpiry)
            );
            void(operator, 0);
        }
    }

    function test_Void_ByThePayeeIsLegalAtAnyTime() public {
        authorized();
        uint48[5] memory times =
            [START, terms.captureFrom - 1, terms.authorizationExpiry - 1, terms.authorizationExpiry, type(uint48).max];
        for (uint96 i; i < times.length; ++i) {
            vm.warp(times[i]);
            void(payee, AMOUNT - 1 - i);
        }
        assertHolding(AMOUNT - 5, 0);
        assertBalance(payer, 5);
    }

    function test_Void_ByAPayeeThatIsTheOperatorIsLegalAtAnyTime() public {
        terms.operator = payee;
        authorized();
        vm.warp(terms.authorizationExpiry);
        void(payee, 0);
    }

    function test_Void_RevertsWhen_TheLevelIsReachedAlready() public {
        bytes32 paymentId = authorized();
        void(payee, 4);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingToMove.selector, paymentId, 4, 4));
        void(payee, 4);
    }

    function test_Void_AfterACaptureGivesBackOnlyWhatIsHeld() public {
        authorized();
        capture(100);
        void(payee, 0);
        assertBalance(payer, 100);
        assertHolding(0, AMOUNT - 100);
    }
}
