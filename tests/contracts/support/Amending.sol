// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {Amendment} from "../../../contracts/types/Amendment.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {Paying} from "./Paying.sol";
import {vm} from "./Vm.sol";

/// @notice An amendment of `terms` to `to`, signed by everybody whom it touches.
abstract contract Amending is Paying {
    Terms internal to;
    Amendment internal amendment;
    bytes32 internal fromId;
    IFunding.Method internal method;

    function setUp() public virtual override {
        super.setUp();
        terms.token = address(usdc);
    }

    /// @dev From now on, for what is held now, to terms that differ in nothing but times, salt and amount.
    function prepare(uint96 paidIn, uint96 paidOut) internal {
        fromId = id();
        (uint96 held,,,) = escrow.holdingOf(fromId);
        amendment = Amendment(held, paidIn, paidOut, uint48(block.timestamp + 10 minutes));
        to = terms;
        uint48 now_ = uint48(block.timestamp);
        (to.fundBy, to.captureFrom) = (now_ + 1 hours, now_ + 2 hours);
        (to.authorizationExpiry, to.refundExpiry) = (now_ + 1 days, now_ + 30 days);
        to.salt = terms.salt + 1000;
        to.amount = paidIn > AMOUNT ? to.amount : held + paidIn - paidOut;
    }

    /// @dev With a deadline and new times beyond every end.
    function prepareLate() internal {
        prepare(0, 0);
        amendment.deadline = uint48(block.timestamp + 60 days);
        (to.fundBy, to.captureFrom) = (amendment.deadline, amendment.deadline + 1 hours);
        (to.authorizationExpiry, to.refundExpiry) = (to.captureFrom + 1 days, to.captureFrom + 1 days);
    }

    function digest() internal view returns (bytes32) {
        return amendDigest(fromId, to, amendment);
    }

    function signatures() internal view returns (bytes[] memory signed) {
        signed = new bytes[](4);
        address[4] memory parties = [terms.payer, terms.payee, to.payer, to.payee];
        for (uint256 i; i < 4; ++i) {
            signed[i] = signedBy(parties[i], digest());
        }
    }

    function money() internal view returns (bytes memory) {
        return authorizationOf(method, to.payer, amendment.paidIn, digest(), amendment.deadline);
    }

    function amend() internal returns (bytes32) {
        return amend(signatures(), money());
    }

    function amend(bytes[] memory signed, bytes memory authorization) internal returns (bytes32) {
        vm.prank(stranger);
        return escrow.amend(terms, to, amendment, signed, method, authorization);
    }

    function refused(bytes memory reason) internal {
        (bytes[] memory signed, bytes memory authorization) = (signatures(), money());
        vm.expectRevert(reason);
        amend(signed, authorization);
    }
}
