// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Terms, TermsLib, TERMS_TYPE} from "./Terms.sol";

/// @notice What moves when a hold moves to new terms. Amounts are base units.
struct Amendment {
    uint96 held; // the hold it was agreed for: dead once that has changed
    uint96 paidIn; // by the new payer
    uint96 paidOut; // to the old payer
    uint48 deadline;
}

library AmendmentLib {
    bytes32 internal constant TYPEHASH = keccak256(
        abi.encodePacked(
            "Amend(bytes32 fromId,uint96 held,uint96 paidIn,uint96 paidOut,Terms to,uint48 deadline)", TERMS_TYPE
        )
    );

    function hash(Amendment calldata amendment, bytes32 fromId, bytes32 toHash) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                TYPEHASH, fromId, amendment.held, amendment.paidIn, amendment.paidOut, toHash, amendment.deadline
            )
        );
    }
}
