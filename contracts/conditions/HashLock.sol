// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICondition} from "./ICondition.sol";

/// @notice Releases everything to whoever shows the preimage.
/// @dev data = abi.encode(HashFunction, bytes32 digest). A preimage has exactly 32 bytes, as on other chains, so that it
/// can be shown on each of them or on none.
contract HashLock is ICondition {
    enum HashFunction {
        SHA256,
        KECCAK256
    }

    function released(bytes32, uint256 amount, bytes calldata data, bytes calldata proof)
        external
        pure
        returns (uint256)
    {
        (HashFunction hashFunction, bytes32 digest) = abi.decode(data, (HashFunction, bytes32));
        if (proof.length != 32) return 0;
        bytes32 found = hashFunction == HashFunction.SHA256 ? sha256(proof) : keccak256(proof);
        return found == digest ? amount : 0;
    }
}
