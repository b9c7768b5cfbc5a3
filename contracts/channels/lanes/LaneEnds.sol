// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Channel, ChannelLib} from "../../types/Channel.sol";
import {Lane, LaneLib} from "../../types/Lane.sol";
import {LaneCloseLib} from "../../types/LaneClose.sol";
import {Reserve, ReserveLib} from "../../types/Reserve.sol";
import {VoucherLib} from "../../types/Voucher.sol";
import {Deadline} from "../Deadline.sol";
import {LaneClaims} from "./LaneClaims.sol";

/// @notice How an epoch ends: at once by the payee's word, or by the payer's after the window.
abstract contract LaneEnds is LaneClaims {
    using ChannelLib for Channel;

    function close(
        Channel calldata channel,
        uint256 epoch,
        uint256 take,
        uint256 cumulativeAmount,
        bytes32 r,
        bytes32 vs
    ) external nonReentrant {
        require(msg.sender == channel.payeeOf(), NotPayee(msg.sender, channel.payeeOf()));
        (bytes32 channelId, Lane lane) = _closable(channel, epoch);
        uint256 due = 0;
        if (take > lane.settled()) {
            _requireVoucher(channel, channelId, epoch, cumulativeAmount, VoucherLib.NO_PROMISES, r, vs);
            due = _dueOf(lane, take, cumulativeAmount);
        }

        _close(channel, channelId, lane, due);
    }

    function closeBySig(
        Channel calldata channel,
        PromisingVoucher calldata voucher,
        uint256 take,
        uint256 deadline,
        bytes32 r,
        bytes32 vs
    ) external nonReentrant {
        Deadline.requireAhead(deadline);
        (bytes32 channelId, Lane lane) = _closable(channel, voucher.epoch);
        if (msg.sender != channel.payeeOf()) {
            bytes32 digest = _hashTypedData(LaneCloseLib.hash(channelId, voucher.epoch, take, deadline));
            _requireKey(channel.payeeOf(), digest, r, vs);
        }
        uint256 due = take > lane.settled() ? _dueOf(lane, take, _worth(channel, channelId, voucher)) : 0;

        _close(channel, channelId, lane, due);
    }

    function requestClose(Channel calldata channel) external {
        _requirePayer(channel);
        (bytes32 channelId, Lane lane) = _openLane(channel);
        require(lane.closesAt() == 0, ChannelClosing(channelId, lane.closesAt()));

        lane = LaneLib.store(channelId, lane.closingAt(block.timestamp + channel.window()));
        emit CloseRequested(channelId, lane);
    }

    function cancelClose(Channel calldata channel) external {
        _requirePayer(channel);
        (bytes32 channelId, Lane lane) = _openLane(channel);
        require(lane.closesAt() != 0, NotClosing(channelId));

        lane = LaneLib.store(channelId, lane.closingAt(0));
        emit CloseCancelled(channelId, lane);
    }

    function withdraw(Channel calldata channel) external nonReentrant {
        bytes32 channelId = channel.id();
        Lane lane = LaneLib.load(channelId);
        if (!lane.windowIsOver()) {
            require(lane.isOpen(), NotOpen(channelId));
            require(lane.closesAt() != 0, NotClosing(channelId));
            revert WindowNotOver(block.timestamp, lane.closesAt());
        }

        LaneLib.store(channelId, lane.ended());
        emit Withdrawn(channelId, lane);

        uint256 rest = lane.rest();
        if (lane.isReserved()) rest -= _keep(channel, channelId, lane);
        _pay(channel.tokenOf(), channel.payerOf(), rest);
    }

    function sweep(Channel calldata channel, uint256 epoch) external nonReentrant {
        bytes32 channelId = channel.id();
        Reserve reserve = _reserves[channelId][epoch];
        require(reserve.isWithdrawn(), NothingReserved(channelId, epoch));
        require(block.timestamp >= reserve.time(), ReserveNotOver(block.timestamp, reserve.time()));

        _reserves[channelId][epoch] = ReserveLib.NONE;
        emit Swept(channelId, epoch, reserve);

        _pay(channel.tokenOf(), channel.payerOf(), reserve.ceiling() - reserve.settled());
    }

    function _closable(Channel calldata channel, uint256 epoch) private view returns (bytes32 channelId, Lane lane) {
        (channelId, lane) = _openLane(channel);
        _requireCurrent(lane, epoch);
        _requireWindow(lane);
    }

    function _dueOf(Lane lane, uint256 take, uint256 worth) private pure returns (uint256) {
        uint256 covered = lane.covered(worth);
        require(take <= covered, TakeTooLarge(take, covered));
        unchecked {
            return take - lane.settled();
        }
    }

    function _close(Channel calldata channel, bytes32 channelId, Lane lane, uint256 due) private {
        LaneLib.store(channelId, lane.ended());
        lane = lane.settle(due);
        emit Closed(channelId, lane);

        _payBoth(channel.tokenOf(), channel.payeeOf(), due, channel.payerOf(), lane.rest());
    }

    /// @return kept what stays for the promises of the epoch that ends
    function _keep(Channel calldata channel, bytes32 channelId, Lane lane) private returns (uint256 kept) {
        uint256 epoch = lane.epoch();
        Reserve reserve = _reserves[channelId][epoch];
        uint256 until = _reserveEnd(channel, lane, reserve);
        (uint256 ceiling, uint256 settled) = (reserve.ceiling(), lane.settled());
        if (ceiling <= settled || block.timestamp >= until) return 0;

        kept = ceiling - settled;
        _reserves[channelId][epoch] = reserve = reserve.moved(settled, until);
        emit Reserved(channelId, epoch, reserve);
    }
}
