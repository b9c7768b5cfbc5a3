// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {Holding} from "../../../contracts/types/Holding.sol";
import {EscrowTest} from "../support/EscrowTest.sol";
import {vm} from "../support/Vm.sol";

contract CaptureTest is EscrowTest {
    function test_Capture_PaysThePayeeAndTheFeeAndLeavesTheNamedLevel() public {
        authorized();
        capture(400_000);
        uint256 paid = AMOUNT - 400_000;
        assertHolding(400_000, paid);
        assertBalance(feeRecipient, feeOn(paid));
        assertBalance(payee, paid - feeOn(paid));
        assertSolvent();
    }

    function test_Capture_EmitsThePaymentsWholeWord() public {
        bytes32 paymentId = authorized();
        vm.expectEmit();
        emit IEscrow.Captured(paymentId, Holding.wrap(1 << 255 | uint256(AMOUNT - 7) << 96 | 7));
        capture(7);
    }

    function test_Capture_RevertsWhen_TheLevelIsReachedAlready() public {
        bytes32 paymentId = authorized();
        capture(400_000);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingToMove.selector, paymentId, 400_000, 400_000));
        capture(400_000);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingToMove.selector, paymentId, 400_000, 400_001));
        capture(400_001);
        capture(399_999);
        assertHolding(399_999, AMOUNT - 399_999);
    }

    function test_Capture_RevertsWhen_NothingWasAuthorized() public {
        vm.warp(terms.captureFrom);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingToMove.selector, id(), 0, 0));
        capture(0);
    }

    function test_Capture_RevertsWhen_SomebodyElseCalls() public {
        authorized();
        address[4] memory callers = [payer, payee, feeRecipient, stranger];
        for (uint256 i; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IEscrow.NotOperator.selector, callers[i], operator));
            vm.prank(callers[i]);
            escrow.capture(terms, 0);
        }
    }

    function test_Capture_RevertsWhen_ItIsTheSecondBeforeCaptureFrom() public {
        authorized();
        vm.warp(terms.captureFrom - 1);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.TooEarly.selector, terms.captureFrom - 1, terms.captureFrom));
        capture(0);
    }

    function test_Capture_IsLegalInTheLastSecondBeforeTheExpiry() public {
        authorized();
        vm.warp(terms.authorizationExpiry - 1);
        capture(0);
        assertHolding(0, AMOUNT);
    }

    function test_Capture_RevertsWhen_TheExpiryIsNowOrOneSecondAgo() public {
        authorized();
        for (uint256 time = terms.authorizationExpiry; time <= terms.authorizationExpiry + 1; ++time) {
            vm.warp(time);
            vm.expectRevert(
                abi.encodeWithSelector(IEscrow.AuthorizationExpired.selector, time, terms.authorizationExpiry)
            );
            capture(0);
        }
    }

    function test_Capture_NeitherAddsToNorEvadesTheFeeBySlices(uint96 first, uint96 second, uint16 bps) public {
        terms.feeBps = bps % 10_001;
        authorized();
        first = uint96(1 + first % (AMOUNT - 2));
        second = uint96(second % first);
        capture(first);
        capture(second);
        if (second != 0) capture(0);
        assertBalance(feeRecipient, feeOn(AMOUNT));
        assertBalance(payee, AMOUNT - feeOn(AMOUNT));
        assertBalance(address(escrow), 0);
    }

    function test_Capture_TakesNoFeeWithoutFeeBps() public {
        (terms.feeBps, terms.feeRecipient) = (0, address(0));
        authorized();
        capture(0);
        assertBalance(payee, AMOUNT);
    }

    function test_Capture_MayGiveTheWholeToTheFee() public {
        terms.feeBps = 10_000;
        authorized();
        capture(0);
        assertBalance(feeRecipient, AMOUNT);
        assertBalance(payee, 0);
    }

    function test_Capture_HoldsTheLargestAmountWithoutSpill() public {
        terms.amount = type(uint96).max;
        authorized();
        capture(0);
        assertHolding(0, type(uint96).max);
        refund(payee, 0, 0, type(uint96).max);
        assertHolding(0, 0);
        assertBalance(payer, type(uint96).max);
    }

    function test_Capture_PaysNativeCurrency() public {
        terms.token = NATIVE;
        authorized();
        capture(3);
        assertBalance(feeRecipient, feeOn(AMOUNT - 3));
        assertBalance(payee, AMOUNT - 3 - feeOn(AMOUNT - 3));
        assertSolvent();
    }

    function test_Capture_TouchesNoOtherPayment() public {
        authorized();
        terms.salt = 2;
        authorized();
        capture(0);
        terms.salt = 1;
        assertHolding(AMOUNT, 0);
        assertBalance(address(escrow), AMOUNT);
    }
}
