// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {Holding} from "../../../contracts/types/Holding.sol";
import {MoodyCondition} from "../mocks/MoodyCondition.sol";
import {Signing} from "../support/Signing.sol";
import {vm} from "../support/Vm.sol";

contract DisputeTest is Signing {
    bytes32 private constant EVIDENCE = keccak256("a photograph");
    uint48 private constant DEADLINE = START + 5 hours;

    function setUp() public override {
        super.setUp();
        arbitrated(7);
        (terms.condition, terms.conditionHash) = (address(new MoodyCondition()), keccak256(""));
    }

    function disputeBy(address party) private {
        vm.prank(party);
        escrow.dispute(terms, EVIDENCE);
    }

    function underDispute() private view returns (bytes memory) {
        return abi.encodeWithSelector(IEscrow.UnderDispute.selector, id(), block.timestamp);
    }

    function mayNot(address party) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IEscrow.MayNotDispute.selector, party);
    }

    function test_Dispute_MarksItsSecondAndMovesNothing() public {
        bytes32 paymentId = authorized();
        vm.expectEmit();
        emit IEscrow.Disputed(
            paymentId, payer, Holding.wrap(1 << 255 | block.timestamp << 192 | uint256(AMOUNT)), EVIDENCE
        );
        disputeBy(payer);
        assertHolding(paymentId, AMOUNT, 0, block.timestamp);
        assertBalance(address(escrow), AMOUNT);
    }

    function test_Dispute_IsForThePartiesThatTheFlagsName() public {
        address[5] memory parties = [payer, payee, operator, arbiter, stranger];
        for (uint8 flags; flags < 8; ++flags) {
            arbitrated(flags);
            authorized();
            for (uint256 i; i < parties.length; ++i) {
                uint256 snapshot = vm.snapshotState();
                bool may = i < 2 && flags & (1 << i) != 0;
                if (!may) vm.expectRevert(mayNot(parties[i]));
                disputeBy(parties[i]);
                vm.revertToState(snapshot);
            }
        }
    }

    function test_Dispute_EndsWithTheSecondBeforeTheExpiry() public {
        authorized();
        vm.warp(terms.authorizationExpiry);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEscrow.AuthorizationExpired.selector, terms.authorizationExpiry, terms.authorizationExpiry
            )
        );
        disputeBy(payer);
        vm.warp(terms.authorizationExpiry - 1);
        disputeBy(payer);
    }

    function test_Dispute_HappensOnce() public {
        authorized();
        disputeBy(payer);
        bytes memory reason = underDispute();
        vm.warp(block.timestamp + 1);
        vm.expectRevert(reason);
        disputeBy(payer);
        vm.expectRevert(reason);
        disputeBy(payee);
    }

    function test_Dispute_RevertsWhen_NothingIsHeld() public {
        bytes memory nothing = abi.encodeWithSelector(IEscrow.NothingHeld.selector, id());
        vm.expectRevert(nothing);
        disputeBy(payer);
        authorized();
        capture(0);
        vm.expectRevert(nothing);
        disputeBy(payer);
    }

    function test_Dispute_StopsTheOperator() public {
        authorized();
        disputeBy(payee);
        bytes memory reason = underDispute();
        vm.expectRevert(reason);
        capture(0);
        vm.expectRevert(reason);
        vm.prank(operator);
        escrow.void(terms, 0);
    }

    function test_Dispute_StopsTheConditionOnlyWhereTheTermsSaySo() public {
        for (uint8 flags = 3; flags <= 7; flags += 4) {
            arbitrated(flags);
            authorized();
            disputeBy(payer);
            bytes memory reason = underDispute();
            if (flags == 7) vm.expectRevert(reason);
            escrow.resolve(terms, "", abi.encode(1));
        }
    }

    function test_Dispute_LeavesThePartiesTheirWords() public {
        authorized();
        disputeBy(payer);
        vm.prank(payer);
        escrow.release(terms, AMOUNT - 1);
        vm.prank(payee);
        escrow.void(terms, AMOUNT - 2);
        assertHolding(id(), AMOUNT - 2, 1, block.timestamp);
        assertSolvent();
    }

    function test_DisputeBySig_CountsForTheSigner() public {
        bytes32 paymentId = authorized();
        bytes memory signed = sign(PAYEE_KEY, consent(DISPUTE, uint256(EVIDENCE), DEADLINE));
        Holding word = Holding.wrap(1 << 255 | block.timestamp << 192 | uint256(AMOUNT));
        vm.expectEmit();
        emit IEscrow.Disputed(paymentId, payee, word, EVIDENCE);
        vm.prank(stranger);
        escrow.disputeBySig(terms, payee, EVIDENCE, DEADLINE, signed);
    }

    function refused(address party, bytes32 evidence, uint48 deadline, bytes memory signed) private {
        bytes32 digest = consent(DISPUTE, uint256(evidence), deadline);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotSignedBy.selector, party, digest));
        vm.prank(stranger);
        escrow.disputeBySig(terms, party, evidence, deadline, signed);
    }

    function test_DisputeBySig_RevertsWhen_AnythingIsNotAsSigned() public {
        authorized();
        bytes memory signed = sign(PAYER_KEY, consent(DISPUTE, uint256(EVIDENCE), DEADLINE));
        refused(payee, EVIDENCE, DEADLINE, signed);
        refused(payer, EVIDENCE ^ bytes32(uint256(1)), DEADLINE, signed);
        refused(payer, EVIDENCE, DEADLINE + 1, signed);
        refused(payer, EVIDENCE, DEADLINE, "");
        terms.salt = 2;
        refused(payer, EVIDENCE, DEADLINE, signed);
        vm.chainId(block.chainid + 1);
        terms.salt = 1;
        refused(payer, EVIDENCE, DEADLINE, signed);
    }

    function test_DisputeBySig_EndsWithTheSecondBeforeItsDeadline() public {
        authorized();
        bytes memory signed = sign(PAYER_KEY, consent(DISPUTE, uint256(EVIDENCE), DEADLINE));
        vm.warp(DEADLINE);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.DeadlinePassed.selector, DEADLINE, DEADLINE));
        escrow.disputeBySig(terms, payer, EVIDENCE, DEADLINE, signed);
        vm.warp(DEADLINE - 1);
        escrow.disputeBySig(terms, payer, EVIDENCE, DEADLINE, signed);
    }

    function test_DisputeBySig_IsForThePartiesThatTheFlagsName() public {
        arbitrated(6);
        authorized();
        bytes memory signed = sign(PAYER_KEY, consent(DISPUTE, uint256(EVIDENCE), DEADLINE));
        vm.expectRevert(mayNot(payer));
        escrow.disputeBySig(terms, payer, EVIDENCE, DEADLINE, signed);
    }
}
