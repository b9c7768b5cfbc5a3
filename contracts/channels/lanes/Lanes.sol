// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../interfaces/IVoucherChannels.sol";
import {PlainKey} from "../../signatures/PlainKey.sol";
import {Channel, ChannelLib} from "../../types/Channel.sol";
import {EarnestDomain} from "../../types/EarnestDomain.sol";
import {Lane, LaneLib} from "../../types/Lane.sol";
import {Reserve} from "../../types/Reserve.sol";

/// @notice What all verbs of a one-way channel look at: the lane's word, the reserves, who signed.
abstract contract Lanes is EarnestDomain, IVoucherChannels {
    using ChannelLib for Channel;

    /// @dev Of epochs that are closing or have ended; most lanes never have one.
    mapping(bytes32 channelId => mapping(uint256 epoch => Reserve)) internal _reserves;

    function channelIdOf(Channel calldata channel) external pure returns (bytes32) {
        return channel.id();
    }

    function laneOf(bytes32 channelId)
        external
        view
        returns (uint96 deposit, uint96 settled, uint32 closesAt, uint32 epoch, bool reserved)
    {
        Lane lane = LaneLib.load(channelId);
        deposit = uint96(lane.deposit());
        settled = uint96(lane.settled());
        closesAt = uint32(lane.closesAt());
        epoch = uint32(lane.epoch());
        reserved = lane.isReserved();
    }

    function reservedOf(bytes32 channelId, uint256 epoch)
        external
        view
        returns (uint96 ceiling, uint96 settled, uint48 time, bool withdrawn)
    {
        Reserve reserve = _reserves[channelId][epoch];
        return (uint96(reserve.ceiling()), uint96(reserve.settled()), uint48(reserve.time()), reserve.isWithdrawn());
    }

    function _openLane(Channel calldata channel) internal view returns (bytes32 channelId, Lane lane) {
        channelId = channel.id();
        lane = LaneLib.load(channelId);
        require(lane.isOpen(), NotOpen(channelId));
    }

    function _requirePayer(Channel calldata channel) internal view {
        require(msg.sender == channel.payerOf(), NotPayer(msg.sender, channel.payerOf()));
    }

    function _requireCurrent(Lane lane, uint256 epoch) internal pure {
        require(epoch == lane.epoch(), WrongEpoch(epoch, lane.epoch()));
    }

    function _requireWindow(Lane lane) internal view {
        require(!lane.windowIsOver(), WindowOver(block.timestamp, lane.closesAt()));
    }

    function _requireKey(address expected, bytes32 digest, bytes32 r, bytes32 vs) internal view {
        address signer = PlainKey.signerOf(digest, r, vs);
        require(signer == expected, InvalidSignature(signer, expected));
    }
}
