// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ConditionCall} from "../conditions/ConditionCall.sol";
import {IRecords} from "../interfaces/IRecords.sol";

/// @notice What is proven of promises. A record names no voucher and no state, so a promise that ten of them carry is one record.
abstract contract Records is IRecords {
    /// @dev What a record is about, apart from the channel.
    struct Stake {
        bytes32 promiseHash;
        bool fromB; // a lane's promises are all the payer's, who stands where A does
        address condition;
        bytes32 dataHash;
        uint256 amount;
        uint256 expiry;
    }

    /// @dev released 96 | fromB 1
    mapping(bytes32 subject => uint256) private _records;
    uint256 private constant FROM_B = 1 << 96;

    function recordedOf(bytes32 subject) external view returns (uint256 released) {
        return uint96(_records[subject]);
    }

    /// @dev The condition's word never lowers what was recorded. Nothing here reads or changes a channel.
    function _record(bytes32 channelId, uint256 epoch, Stake memory stake, bytes calldata data, bytes calldata proof)
        internal
    {
        require(block.timestamp < stake.expiry, PromiseExpired(block.timestamp, stake.expiry));
        bytes32 dataHash = keccak256(data);
        require(dataHash == stake.dataHash, WrongConditionData(dataHash, stake.dataHash));
        bytes32 subject = _subject(channelId, epoch, stake.promiseHash);
        uint256 before = uint96(_records[subject]);
        uint256 released = ConditionCall.released(stake.condition, subject, stake.amount, data, proof);
        require(released > before, NothingRecorded(subject, released, before));

        _records[subject] = stake.fromB ? released | FROM_B : released;
        emit Recorded(channelId, epoch, stake.promiseHash, released, proof);
    }

    /// @return fromA the sum of what is recorded of A's promises among these; a lane's payer stands where A does
    /// @return fromB of B's
    function _recorded(bytes32 channelId, uint256 epoch, bytes32[] calldata leaves)
        internal
        view
        returns (uint256 fromA, uint256 fromB)
    {
        for (uint256 i = 0; i < leaves.length; ++i) {
            uint256 word = _records[_subject(channelId, epoch, leaves[i])];
            if (word & FROM_B == 0) fromA += word;
            else fromB += uint96(word);
        }
    }

    function _subject(bytes32 channelId, uint256 epoch, bytes32 promiseHash) private view returns (bytes32) {
        return keccak256(abi.encode(address(this), block.chainid, channelId, epoch, promiseHash));
    }
}
