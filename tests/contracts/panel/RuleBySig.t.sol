// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {MemberSignature} from "../../../contracts/signatures/Quorum.sol";
import {ALL_FLAGS} from "../../../contracts/types/Terms.sol";
import {MoodyWallet} from "../mocks/MoodyWallet.sol";
import {SafeLike} from "../mocks/SafeLike.sol";
import {EscrowTest} from "../support/EscrowTest.sol";
import {vm} from "../support/Vm.sol";
import {PanelCase} from "./PanelCase.sol";

/// @notice Arbiters that are contracts split a disputed hold: a panel, and a Safe in its place.
contract RuleBySigTest is EscrowTest, PanelCase {
    uint16 private constant SHARE = 3000;

    function setUp() public override(EscrowTest, PanelCase) {
        EscrowTest.setUp();
        PanelCase.setUp();
        app = address(escrow);
        terms.flags = uint8(ALL_FLAGS);
        terms.rulingPeriod = 7 days;
        terms.feeBps = 0;
        terms.feeRecipient = address(0);
    }

    /// @dev What the arbiter is asked to sign, `ruling`, is that of this dispute.
    function disputed(address who) private {
        terms.arbiter = who;
        bytes32 paymentId = authorized();
        vm.prank(payer);
        escrow.dispute(terms, 0);
        ruling = keccak256(abi.encode(keccak256(bytes(RULING)), paymentId, block.timestamp, SHARE));
    }

    function rules(bytes memory signature) private {
        vm.prank(stranger);
        escrow.ruleBySig(terms, SHARE, signature);
        assertBalance(payee, AMOUNT * uint256(SHARE) / 10_000);
        assertBalance(payer, AMOUNT - AMOUNT * uint256(SHARE) / 10_000);
    }

    function refused(bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotSignedBy.selector, terms.arbiter, digest()));
        vm.prank(stranger);
        escrow.ruleBySig(terms, SHARE, signature);
    }

    function joined(uint256 mask, bytes32 what) private view returns (bytes memory all) {
        MemberSignature[] memory list = signedBy(mask, what);
        for (uint256 i; i < list.length; ++i) {
            all = bytes.concat(all, list[i].signature);
        }
    }

    function test_RuleBySig_APanelRulesOnce() public {
        disputed(address(panelOf(3)));
        bytes memory signature = wrapped(signedBy(21, nested(terms.arbiter)));
        refused(wrapped(signedBy(5, nested(terms.arbiter))));
        rules(signature);

        vm.expectPartialRevert(IEscrow.NothingHeld.selector);
        escrow.ruleBySig(terms, SHARE, signature);
    }

    function test_RuleBySig_APanelThatIsMadeAfterTheDisputeRules() public {
        disputed(panels.addressOf(seats, 3));
        bytes memory signature = wrapped(signedBy(7, nested(terms.arbiter)));
        refused(signature);
        panelOf(3);
        rules(signature);
    }

    function test_RuleBySig_AWalletInThePanelCannotStopTheOthers() public {
        vm.etch(seats[0], address(new MoodyWallet()).code);
        MoodyWallet(seats[0]).be(MoodyWallet.Mood.BURNS_GAS);
        disputed(address(panelOf(3)));
        rules(wrapped(signedBy(28, nested(terms.arbiter))));
    }

    function test_RuleBySig_ASafeRulesInAPanelsPlace() public {
        SafeLike safe = new SafeLike(seats, 3);
        disputed(address(safe));
        refused(joined(5, safe.messageHash(digest())));
        rules(joined(21, safe.messageHash(digest())));
    }

    /// @dev The hash that a Safe's owners sign names no dispute by itself: the digest in it does.
    function test_RuleBySig_ASafesRulingIsForOneDispute() public {
        SafeLike safe = new SafeLike(seats, 3);
        disputed(address(safe));
        bytes memory all = joined(21, safe.messageHash(digest()));
        terms.salt += 1;
        disputed(address(safe));
        refused(all);
    }
}
