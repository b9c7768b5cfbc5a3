// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {Holding} from "../../../contracts/types/Holding.sol";
import {Signing} from "../support/Signing.sol";
import {vm} from "../support/Vm.sol";

contract SettleTest is Signing {
    uint48 private constant DEADLINE = START + 5 hours;

    function settle(address caller, uint96 toPayer, bytes memory payers, bytes memory payees) private {
        vm.prank(caller);
        escrow.settle(terms, toPayer, DEADLINE, payers, payees);
    }

    function settle(uint96 toPayer) private {
        bytes32 digest = consent(SETTLE, toPayer, DEADLINE);
        settle(stranger, toPayer, sign(PAYER_KEY, digest), sign(PAYEE_KEY, digest));
    }

    function test_Settle_GivesThePayerExactlyItsPartAndThePayeeTheRest() public {
        bytes32 paymentId = authorized();
        uint256 toPayee = AMOUNT - 300_001;
        bytes32 digest = consent(SETTLE, 300_001, DEADLINE);
        vm.expectEmit();
        emit IEscrow.Settled(paymentId, Holding.wrap(1 << 255 | toPayee << 96));
        settle(stranger, 300_001, sign(PAYER_KEY, digest), sign(PAYEE_KEY, digest));
        assertHolding(0, toPayee);
        assertBalance(payer, 300_001);
        assertBalance(payee, toPayee - feeOn(toPayee));
        assertBalance(feeRecipient, feeOn(toPayee));
        assertBalance(address(escrow), 0);
    }

    function test_Settle_SplitsNativeCurrency() public {
        terms.token = NATIVE;
        test_Settle_GivesThePayerExactlyItsPartAndThePayeeTheRest();
    }

    function test_Settle_MayGiveAllToEither() public {
        for (uint96 i; i < 2; ++i) {
            terms.salt = i;
            authorized();
            settle(i * AMOUNT);
            assertHolding(0, (1 - i) * AMOUNT);
        }
        assertBalance(payer, AMOUNT);
        assertBalance(payee, AMOUNT - feeOn(AMOUNT));
    }

    function test_Settle_GivesThePayeeTheRestOfWhatIsHeldThen() public {
        authorized();
        capture(1000);
        settle(400);
        assertHolding(0, AMOUNT - 400);
        assertBalance(payer, 400);
        assertBalance(feeRecipient, feeOn(AMOUNT - 400));
    }

    function test_Settle_RevertsWhen_ThePayersPartIsNotThere() public {
        bytes32 paymentId = authorized();
        bytes32 digest = consent(SETTLE, 1001, DEADLINE);
        (bytes memory payers, bytes memory payees) = (sign(PAYER_KEY, digest), sign(PAYEE_KEY, digest));
        capture(1000);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.ExceedsHeld.selector, paymentId, 1001, 1000));
        settle(stranger, 1001, payers, payees);
        settle(1000);
    }

    function test_Settle_MovesNothingTwice() public {
        bytes32 paymentId = authorized();
        settle(0);
        bytes32 digest = consent(SETTLE, 0, DEADLINE);
        (bytes memory payers, bytes memory payees) = (sign(PAYER_KEY, digest), sign(PAYEE_KEY, digest));
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingHeld.selector, paymentId));
        settle(stranger, 0, payers, payees);
    }

    function test_Settle_ByOneOfThemNeedsTheOthersSignature() public {
        bytes32 digest = consent(SETTLE, 7, DEADLINE);
        authorized();
        uint256 snapshot = vm.snapshotState();
        settle(payer, 7, "", sign(PAYEE_KEY, digest));
        vm.revertToState(snapshot);
        settle(payee, 7, sign(PAYER_KEY, digest), "");
        assertBalance(payer, 7);
    }

    function refused(address caller, address party, uint96 toPayer, bytes memory payers, bytes memory payees) private {
        bytes32 digest = consent(SETTLE, toPayer, DEADLINE);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotSignedBy.selector, party, digest));
        settle(caller, toPayer, payers, payees);
    }

    function test_Settle_RevertsWhen_OneOfThemDidNotSign() public {
        authorized();
        bytes32 digest = consent(SETTLE, 7, DEADLINE);
        (bytes memory payers, bytes memory payees) = (sign(PAYER_KEY, digest), sign(PAYEE_KEY, digest));
        refused(stranger, payer, 7, "", payees);
        refused(stranger, payee, 7, payers, "");
        refused(stranger, payer, 7, payees, payers);
        refused(payer, payee, 7, payers, payers);
        refused(payee, payer, 7, payees, payees);
        refused(operator, payer, 7, "", "");
    }

    function test_Settle_RevertsWhen_AnythingIsNotAsSigned() public {
        authorized();
        bytes32 digest = consent(SETTLE, 7, DEADLINE);
        (bytes memory payers, bytes memory payees) = (sign(PAYER_KEY, digest), sign(PAYEE_KEY, digest));
        refused(payer, payee, 6, "", payees);
        refused(payee, payer, 8, payers, "");
        bytes32 later = consent(SETTLE, 7, DEADLINE + 1);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotSignedBy.selector, payer, later));
        escrow.settle(terms, 7, DEADLINE + 1, payers, payees);
        terms.salt = 2;
        authorized();
        refused(stranger, payer, 7, payers, payees);
        terms.salt = 1;
        vm.chainId(block.chainid + 1);
        refused(stranger, payer, 7, payers, payees);
    }

    function test_Settle_EndsWithTheSecondBeforeItsDeadline() public {
        authorized();
        bytes32 digest = consent(SETTLE, 7, DEADLINE);
        (bytes memory payers, bytes memory payees) = (sign(PAYER_KEY, digest), sign(PAYEE_KEY, digest));
        vm.warp(DEADLINE);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.DeadlinePassed.selector, DEADLINE, DEADLINE));
        settle(stranger, 7, payers, payees);
        vm.warp(DEADLINE - 1);
        settle(stranger, 7, payers, payees);
    }

    function test_Settle_IsLegalUnderADispute() public {
        arbitrated(7);
        bytes32 paymentId = authorized();
        dispute();
        uint256 disputedAt = block.timestamp;
        settle(7);
        assertHolding(paymentId, 0, AMOUNT - 7, disputedAt);
    }

    function test_Settle_IsLegalAfterTheEnd() public {
        authorized();
        vm.warp(terms.authorizationExpiry + 30 days);
        uint48 later = uint48(block.timestamp + 1);
        bytes32 digest = consent(SETTLE, 7, later);
        escrow.settle(terms, 7, later, sign(PAYER_KEY, digest), sign(PAYEE_KEY, digest));
        assertBalance(payer, 7);
    }
}
