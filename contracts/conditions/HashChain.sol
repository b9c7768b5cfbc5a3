// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICondition} from "./ICondition.sol";

/// @notice Releases a value for each step of a Keccak-256 chain that is shown (PayWord).
/// @dev data = abi.encode(bytes32 anchor, uint96 valuePerTick); proof = tip 256 | steps 16, with the anchor `steps` hashes
/// after the tip.
contract HashChain is ICondition {
    uint256 private constant MAX_STEPS = 1024;
    uint256 private constant PROOF_BYTES = 34;

    function released(bytes32, uint256 amount, bytes calldata data, bytes calldata proof)
        external
        pure
        returns (uint256)
    {
        (bytes32 anchor, uint96 valuePerTick) = abi.decode(data, (bytes32, uint96));
        if (proof.length != PROOF_BYTES) return 0;
        uint256 steps = uint16(bytes2(proof[32:]));
        if (steps > MAX_STEPS || _hashed(bytes32(proof), steps) != anchor) return 0;
        return Math.min(steps * valuePerTick, amount);
    }

    /// @dev Eight hashes a turn: the loop itself would cost as much as they do.
    function _hashed(bytes32 tip, uint256 steps) private pure returns (bytes32 found) {
        assembly ("memory-safe") {
            mstore(0, tip)
            for {} gt(steps, 7) { steps := sub(steps, 8) } {
                mstore(0, keccak256(0, 0x20))
                mstore(0, keccak256(0, 0x20))
                mstore(0, keccak256(0, 0x20))
                mstore(0, keccak256(0, 0x20))
                mstore(0, keccak256(0, 0x20))
                mstore(0, keccak256(0, 0x20))
                mstore(0, keccak256(0, 0x20))
                mstore(0, keccak256(0, 0x20))
            }
            for {} steps { steps := sub(steps, 1) } { mstore(0, keccak256(0, 0x20)) }
            found := mload(0)
        }
    }
}
