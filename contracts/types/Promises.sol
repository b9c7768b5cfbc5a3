// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The list of promises that a voucher carries: Promises(bytes32 leaves,uint96 total,uint48 lastExpiry).
library PromisesLib {
    uint256 internal constant MOST_LEAVES = 16;
    bytes32 private constant TYPEHASH = keccak256("Promises(bytes32 leaves,uint96 total,uint48 lastExpiry)");

    error TooManyPromises(uint256 number, uint256 most);
    error PromisesOutOfOrder(uint256 position);

    /// @param leaves the promises' hashes: in strictly rising order, so that none counts twice
    /// @return keccak256 of the leaves, one after the other
    function leavesHash(bytes32[] calldata leaves) internal pure returns (bytes32) {
        require(leaves.length <= MOST_LEAVES, TooManyPromises(leaves.length, MOST_LEAVES));
        for (uint256 i = 1; i < leaves.length; ++i) {
            require(leaves[i - 1] < leaves[i], PromisesOutOfOrder(i));
        }
        return keccak256(abi.encodePacked(leaves));
    }

    /// @return zero, which says no promises, only where there are no leaves and nothing is said of them
    function hash(bytes32[] calldata leaves, uint256 total, uint256 lastExpiry) internal pure returns (bytes32) {
        if (leaves.length | total | lastExpiry == 0) return 0;
        return keccak256(abi.encode(TYPEHASH, leavesHash(leaves), total, lastExpiry));
    }
}
