// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Escrow} from "../../../contracts/escrow/Escrow.sol";
import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {Holding} from "../../../contracts/types/Holding.sol";
import {Signing} from "../support/Signing.sol";
import {vm} from "../support/Vm.sol";

/// @notice The payer's word for a release and the payee's for a void, brought by anyone.
contract ReleaseAndVoidBySigTest is Signing {
    uint48 private constant DEADLINE = START + 5 hours;

    function bring(bool void, uint96 heldAfter, uint48 deadline, bytes memory signed) private {
        vm.prank(stranger);
        if (void) escrow.voidBySig(terms, heldAfter, deadline, signed);
        else escrow.releaseBySig(terms, heldAfter, deadline, signed);
    }

    function signature(bool void, uint96 heldAfter, uint48 deadline) private view returns (bytes memory) {
        return void
            ? sign(PAYEE_KEY, consent(VOID, heldAfter, deadline))
            : sign(PAYER_KEY, consent(RELEASE, heldAfter, deadline));
    }

    function refused(bool void, uint96 heldAfter, uint48 deadline, bytes memory given) private {
        bytes32 digest = consent(void ? VOID : RELEASE, heldAfter, deadline);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotSignedBy.selector, void ? payee : payer, digest));
        bring(void, heldAfter, deadline, given);
    }

    function test_ReleaseBySig_PaysThePayeeDownToTheSignedLevel() public {
        bytes32 paymentId = authorized();
        bytes memory signed = signature(false, 10, DEADLINE);
        uint256 paid = AMOUNT - 10;
        vm.expectEmit();
        emit IEscrow.Released(paymentId, Holding.wrap(1 << 255 | paid << 96 | 10));
        bring(false, 10, DEADLINE, signed);
        assertHolding(10, paid);
        assertBalance(payee, paid - feeOn(paid));
        assertBalance(feeRecipient, feeOn(paid));
        assertSolvent();
    }

    function test_VoidBySig_GivesThePayerBackDownToTheSignedLevel() public {
        bytes32 paymentId = authorized();
        bytes memory signed = signature(true, 10, DEADLINE);
        vm.expectEmit();
        emit IEscrow.Voided(paymentId, Holding.wrap(1 << 255 | 10));
        bring(true, 10, DEADLINE, signed);
        assertHolding(10, 0);
        assertBalance(payer, AMOUNT - 10);
        assertSolvent();
    }

    function test_BySig_MovesNothingTwice() public {
        for (uint256 i; i < 2; ++i) {
            terms.salt = uint96(i);
            bytes32 paymentId = authorized();
            bytes memory signed = signature(i == 1, 10, DEADLINE);
            bring(i == 1, 10, DEADLINE, signed);
            vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingToMove.selector, paymentId, 10, 10));
            bring(i == 1, 10, DEADLINE, signed);
        }
    }

    /// @dev A level that was passed meanwhile is done: the signature for it moves nothing more.
    function test_BySig_RevertsWhen_TheHoldIsBelowTheLevelAlready() public {
        for (uint256 i; i < 2; ++i) {
            terms.salt = uint96(i);
            bytes32 paymentId = authorized();
            bytes memory signed = signature(i == 1, 100, DEADLINE);
            capture(99);
            vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingToMove.selector, paymentId, 99, 100));
            bring(i == 1, 100, DEADLINE, signed);
        }
    }

    function test_BySig_EndsWithTheSecondBeforeItsDeadline() public {
        for (uint256 i; i < 2; ++i) {
            terms.salt = uint96(i);
            authorized();
            bytes memory signed = signature(i == 1, 0, DEADLINE);
            vm.warp(DEADLINE);
            vm.expectRevert(abi.encodeWithSelector(IEscrow.DeadlinePassed.selector, DEADLINE, DEADLINE));
            bring(i == 1, 0, DEADLINE, signed);
            vm.warp(DEADLINE - 1);
            bring(i == 1, 0, DEADLINE, signed);
        }
    }

    function test_BySig_RevertsWhen_AnythingIsNotAsSigned() public {
        authorized();
        for (uint256 i; i < 2; ++i) {
            bool void = i == 1;
            bytes memory signed = signature(void, 10, DEADLINE);
            refused(void, 9, DEADLINE, signed);
            refused(void, 10, DEADLINE + 1, signed);
            refused(void, 10, DEADLINE, "");
            refused(void, 10, DEADLINE, signature(!void, 10, DEADLINE));
            terms.salt = 2;
            refused(void, 10, DEADLINE, signed);
            terms.salt = 1;
        }
        assertHolding(AMOUNT, 0);
    }

    /// @dev Payer and payee may have one owner key behind them: the kind of the message tells a release from a void.
    function test_BySig_RevertsWhen_TheOtherKindWasSigned() public {
        authorized();
        refused(false, 10, DEADLINE, sign(PAYER_KEY, consent(VOID, 10, DEADLINE)));
        refused(true, 10, DEADLINE, sign(PAYEE_KEY, consent(RELEASE, 10, DEADLINE)));
    }

    function test_BySig_RevertsWhen_TheChainOrTheContractIsAnother() public {
        authorized();
        bytes[2] memory signed = [signature(false, 0, DEADLINE), signature(true, 0, DEADLINE)];
        vm.chainId(block.chainid + 1);
        refused(false, 0, DEADLINE, signed[0]);
        refused(true, 0, DEADLINE, signed[1]);
        vm.chainId(block.chainid - 1);
        escrow = Escrow(vm.deployCode("chain/artifacts/Escrow.json"));
        authorized();
        refused(false, 0, DEADLINE, signed[0]);
        refused(true, 0, DEADLINE, signed[1]);
    }

    function test_BySig_ByThePartyItselfNeedsNoSignature() public {
        authorized();
        vm.prank(payer);
        escrow.releaseBySig(terms, 10, DEADLINE, "");
        vm.prank(payee);
        escrow.voidBySig(terms, 0, DEADLINE, "");
        assertHolding(0, AMOUNT - 10);
    }

    function test_BySig_IsLegalUnderADisputeAndAfterTheEnd() public {
        arbitrated(7);
        authorized();
        dispute();
        bring(false, AMOUNT - 1, DEADLINE, signature(false, AMOUNT - 1, DEADLINE));
        bring(true, AMOUNT - 2, DEADLINE, signature(true, AMOUNT - 2, DEADLINE));
        vm.warp(terms.authorizationExpiry + 30 days);
        uint48 later = uint48(block.timestamp + 1);
        bring(false, 10, later, signature(false, 10, later));
        bring(true, 0, later, signature(true, 0, later));
        assertSolvent();
    }
}
