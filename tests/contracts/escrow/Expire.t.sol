// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {Holding} from "../../../contracts/types/Holding.sol";
import {EscrowTest} from "../support/EscrowTest.sol";
import {vm} from "../support/Vm.sol";

contract ExpireTest is EscrowTest {
    function expire() private {
        vm.prank(stranger);
        escrow.expire(terms);
    }

    function expired() private {
        authorized();
        vm.warp(terms.authorizationExpiry);
        expire();
    }

    function test_Expire_SplitsAsSignedForSilence() public {
        expired();
        uint256 toPayee = uint256(AMOUNT) * 3333 / 10_000;
        assertHolding(0, toPayee);
        assertBalance(payer, AMOUNT - toPayee);
        assertBalance(feeRecipient, feeOn(toPayee));
        assertBalance(payee, toPayee - feeOn(toPayee));
        assertBalance(address(escrow), 0);
    }

    function test_Expire_SplitsNativeCurrency() public {
        terms.token = NATIVE;
        test_Expire_SplitsAsSignedForSilence();
    }

    function test_Expire_FloorsThePayeesShareAndLosesNothing(uint96 amount, uint16 share, uint16 fee) public {
        terms.amount = amount == 0 ? 1 : amount;
        terms.payeeShareOnExpiryBps = share % 10_001;
        terms.feeBps = fee % 10_001;
        expired();
        uint256 toPayee = uint256(terms.amount) * terms.payeeShareOnExpiryBps / 10_000;
        assertBalance(payer, terms.amount - toPayee);
        assertBalance(feeRecipient, feeOn(toPayee));
        assertBalance(payee, toPayee - feeOn(toPayee));
        assertBalance(address(escrow), 0);
    }

    function test_Expire_CountsTheFeeOnWhatWasCapturedBefore() public {
        (terms.feeBps, terms.payeeShareOnExpiryBps) = (1, 10_000);
        authorized();
        capture(AMOUNT - 9999);
        assertBalance(feeRecipient, 0);
        vm.warp(terms.authorizationExpiry);
        expire();
        assertBalance(feeRecipient, feeOn(AMOUNT));
        assertHolding(0, AMOUNT);
    }

    function test_Expire_EmitsThePaymentsWholeWord() public {
        terms.payeeShareOnExpiryBps = 10_000;
        bytes32 paymentId = authorized();
        vm.warp(terms.authorizationExpiry);
        vm.expectEmit();
        emit IEscrow.Expired(paymentId, Holding.wrap(1 << 255 | uint256(AMOUNT) << 96));
        expire();
    }

    function test_Expire_RevertsWhen_ItIsTheSecondBeforeTheExpiry() public {
        authorized();
        vm.warp(terms.authorizationExpiry - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEscrow.NotExpired.selector, terms.authorizationExpiry - 1, terms.authorizationExpiry
            )
        );
        expire();
    }

    function test_Expire_IsLegalLongAfterTheExpiry() public {
        authorized();
        vm.warp(type(uint48).max);
        expire();
        assertBalance(address(escrow), 0);
    }

    function test_Expire_RevertsWhen_NothingIsHeld() public {
        expired();
        bytes memory nothing = abi.encodeWithSelector(IEscrow.NothingHeld.selector, id());
        vm.expectRevert(nothing);
        expire();
        terms.salt = 2;
        nothing = abi.encodeWithSelector(IEscrow.NothingHeld.selector, id());
        vm.expectRevert(nothing);
        expire();
    }

    function test_Expire_AndCaptureAreNeverBothLegal() public {
        authorized();
        for (uint256 time = terms.authorizationExpiry - 1; time <= terms.authorizationExpiry + 1; ++time) {
            vm.warp(time);
            uint256 snapshot = vm.snapshotState();
            vm.prank(operator);
            (bool captured,) = address(escrow).call(abi.encodeCall(escrow.capture, (terms, 0)));
            vm.revertToState(snapshot);
            (bool ended,) = address(escrow).call(abi.encodeCall(escrow.expire, (terms)));
            vm.revertToState(snapshot);
            vm.assertTrue(captured != ended, "exactly one of the two");
        }
    }
}
