// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ConditionCall} from "./ConditionCall.sol";
import {ICondition} from "./ICondition.sol";
import {KthLargest} from "./KthLargest.sol";

/// @notice A condition made of 1 to 8 others: it releases what k of them release. Nesting is bounded by gas alone.
/// @dev children = count 8 | for each child: condition 160 | length 16 | data, in the order of the Keccak-256 of these
/// proof = for each child: length 16 | proof, empty where there is none
abstract contract Combinator is ICondition {
    using KthLargest for uint256[];

    uint256 private constant MAX_CHILDREN = 8;
    uint256 private constant HEADER_BYTES = 22;
    uint256 private constant CALL_GAS = 5000;

    /// @return zero for children or a proof of another form, for no children, and for two that are the same
    function _reached(uint256 k, bytes32 subject, uint256 amount, bytes calldata children, bytes calldata proof)
        internal
        view
        returns (uint256)
    {
        uint256[] memory values = new uint256[](uint8(children[0]));
        if (values.length > MAX_CHILDREN) return 0;
        uint256 gasShare = _share(values.length, children.length + proof.length);
        children = children[1:];
        bytes32 last;
        for (uint256 i; i < values.length; ++i) {
            bytes calldata child = children[:HEADER_BYTES + uint16(bytes2(children[20:HEADER_BYTES]))];
            bytes calldata shown = proof[2:2 + uint16(bytes2(proof[:2]))];
            bytes32 hash = keccak256(child);
            if (hash <= last) return 0;
            last = hash;
            values[i] = ConditionCall.releasedWithin(
                gasShare, address(bytes20(child)), subject, amount, child[HEADER_BYTES:], shown
            );
            (children, proof) = (children[child.length:], proof[2 + shown.length:]);
        }
        return children.length + proof.length == 0 ? values.kthLargest(k) : 0;
    }

    /// @dev An even share of what there is at the entry, less what this contract spends on a child: whatever one child
    /// burns, the others get theirs. Reverts for no children.
    function _share(uint256 count, uint256 size) private view returns (uint256) {
        return (gasleft() - count * CALL_GAS - size) / count;
    }
}
