// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The payee's signed end of an epoch: LaneClose(bytes32 channelId,uint32 epoch,uint96 take,uint48 deadline).
library LaneCloseLib {
    bytes32 private constant TYPEHASH =
        keccak256("LaneClose(bytes32 channelId,uint32 epoch,uint96 take,uint48 deadline)");

    function hash(bytes32 channelId, uint256 epoch, uint256 take, uint256 deadline) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, channelId, epoch, take, deadline));
    }
}
