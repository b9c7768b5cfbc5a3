// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {Holding} from "../../../contracts/types/Holding.sol";
import {EscrowTest} from "../support/EscrowTest.sol";
import {vm} from "../support/Vm.sol";

contract ReleaseTest is EscrowTest {
    function release(uint96 heldAfter) private {
        vm.prank(payer);
        escrow.release(terms, heldAfter);
    }

    function test_Release_PaysThePayeeAndTheFeeAndLeavesTheNamedLevel() public {
        authorized();
        release(10);
        uint256 paid = AMOUNT - 10;
        assertHolding(10, paid);
        assertBalance(feeRecipient, feeOn(paid));
        assertBalance(payee, paid - feeOn(paid));
        assertSolvent();
    }

    function test_Release_EmitsThePaymentsWholeWord() public {
        bytes32 paymentId = authorized();
        vm.expectEmit();
        emit IEscrow.Released(paymentId, Holding.wrap(1 << 255 | uint256(AMOUNT - 5) << 96 | 5));
        release(5);
    }

    function test_Release_RevertsWhen_SomebodyElseCalls() public {
        authorized();
        address[3] memory callers = [payee, operator, stranger];
        for (uint256 i; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IEscrow.NotPayer.selector, callers[i], payer));
            vm.prank(callers[i]);
            escrow.release(terms, 0);
        }
    }

    function test_Release_RevertsWhen_TheLevelIsReachedAlready() public {
        bytes32 paymentId = authorized();
        release(0);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingToMove.selector, paymentId, 0, 0));
        release(0);
    }

    function test_Release_IsLegalAtAnyTime() public {
        authorized();
        uint48[5] memory times =
            [START, terms.captureFrom - 1, terms.authorizationExpiry - 1, terms.authorizationExpiry, type(uint48).max];
        for (uint96 i; i < times.length; ++i) {
            vm.warp(times[i]);
            release(AMOUNT - 1 - i);
        }
        assertHolding(AMOUNT - 5, 5);
    }

    function test_Release_AndCaptureOfTheSameLevelPayOnce() public {
        bytes32 paymentId = authorized();
        release(AMOUNT / 2);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingToMove.selector, paymentId, AMOUNT / 2, AMOUNT / 2));
        capture(AMOUNT / 2);
    }

    function test_Release_AfterExpireFindsNothing() public {
        bytes32 paymentId = authorized();
        vm.warp(terms.authorizationExpiry);
        escrow.expire(terms);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingToMove.selector, paymentId, 0, 0));
        release(0);
    }
}
