// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A promise of one party of a two-way channel to the other.
struct DuplexPromise {
    bool fromA;
    address condition;
    bytes32 dataHash; // keccak256 of the condition's data
    uint96 amount;
    uint48 expiry; // at this second nothing can be recorded any more
    bytes32 salt;
}

/// @notice What both parties know of a state's promises; its hash is the state's `promises`.
struct DuplexPromises {
    bytes32 leaves; // keccak256 of the strictly sorted promise hashes
    uint96 totalFromA;
    uint96 totalFromB;
    uint48 lastExpiry;
}

library DuplexPromiseLib {
    bytes32 private constant TYPEHASH = keccak256(
        "DuplexPromise(bool fromA,address condition,bytes32 dataHash,uint96 amount,uint48 expiry,bytes32 salt)"
    );
    bytes32 private constant LIST_TYPEHASH =
        keccak256("DuplexPromises(bytes32 leaves,uint96 totalFromA,uint96 totalFromB,uint48 lastExpiry)");

    /// @notice Its EIP-712 struct hash: a leaf of the list that a state carries.
    function hash(DuplexPromise calldata promise_) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                TYPEHASH,
                promise_.fromA,
                promise_.condition,
                promise_.dataHash,
                promise_.amount,
                promise_.expiry,
                promise_.salt
            )
        );
    }

    function hash(DuplexPromises calldata promises) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(LIST_TYPEHASH, promises.leaves, promises.totalFromA, promises.totalFromB, promises.lastExpiry)
        );
    }
}
