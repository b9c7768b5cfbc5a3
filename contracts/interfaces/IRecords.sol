// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What is proven of promises, on chain: it stays, whichever voucher or state carries the promise.
interface IRecords {
    /// @param proof stands here so that a preimage shown to one is found by all
    event Recorded(
        bytes32 indexed channelId, uint256 epoch, bytes32 indexed promiseHash, uint256 released, bytes proof
    );

    error PromiseExpired(uint256 now_, uint256 expiry);
    error WrongConditionData(bytes32 dataHash, bytes32 conditionHash);
    /// @notice The condition says no more than what was recorded before.
    error NothingRecorded(bytes32 subject, uint256 released, uint256 recorded);

    /// @param subject keccak256(abi.encode(contract, chain id, channelId, epoch, promise hash))
    /// @return released of the promise so far, in base units
    function recordedOf(bytes32 subject) external view returns (uint256 released);
}
