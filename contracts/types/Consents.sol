// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What parties sign for one payment. Each binds the payment's id, and what it was meant for: a level, a dispute, a sum.
library Consents {
    bytes32 internal constant RELEASE = keccak256("Release(bytes32 paymentId,uint96 heldAfter,uint48 deadline)");
    bytes32 internal constant VOID = keccak256("Void(bytes32 paymentId,uint96 heldAfter,uint48 deadline)");
    bytes32 internal constant DISPUTE = keccak256("Dispute(bytes32 paymentId,bytes32 evidence,uint48 deadline)");
    bytes32 internal constant RULING = keccak256("Ruling(bytes32 paymentId,uint48 disputedAt,uint16 payeeBps)");
    bytes32 internal constant SETTLE = keccak256("Settle(bytes32 paymentId,uint96 toPayer,uint48 deadline)");

    /// @dev All five have three words after the type.
    function hash(bytes32 typehash, bytes32 paymentId, uint256 second, uint256 third) internal pure returns (bytes32) {
        return keccak256(abi.encode(typehash, paymentId, second, third));
    }
}
