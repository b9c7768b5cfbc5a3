// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice An escrow inside a voucher, which never touches the chain while the parties agree.
struct Promise {
    address condition;
    bytes32 dataHash; // keccak256 of the condition's data
    uint96 amount;
    uint48 expiry; // at this second nothing can be recorded any more
    bytes32 salt;
}

library PromiseLib {
    bytes32 private constant TYPEHASH =
        keccak256("Promise(address condition,bytes32 dataHash,uint96 amount,uint48 expiry,bytes32 salt)");

    /// @notice Its EIP-712 struct hash: a leaf of the list that a voucher carries.
    function hash(Promise calldata promise_) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(TYPEHASH, promise_.condition, promise_.dataHash, promise_.amount, promise_.expiry, promise_.salt)
        );
    }
}
