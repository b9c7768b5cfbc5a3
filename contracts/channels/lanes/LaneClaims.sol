// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Payouts} from "../../money/Payouts.sol";
import {PlainKey} from "../../signatures/PlainKey.sol";
import {Channel, ChannelLib} from "../../types/Channel.sol";
import {Lane, LaneLib} from "../../types/Lane.sol";
import {Promise, PromiseLib} from "../../types/Promise.sol";
import {PromisesLib} from "../../types/Promises.sol";
import {Reserve, ReserveLib} from "../../types/Reserve.sol";
import {VoucherLib} from "../../types/Voucher.sol";
import {Records} from "../Records.sol";
import {BatchClaims} from "./BatchClaims.sol";
import {Lanes} from "./Lanes.sol";

/// @notice What vouchers are worth, and how it is paid: from the lane until the window is over, from what was reserved then.
abstract contract LaneClaims is Lanes, Records, Payouts {
    using ChannelLib for Channel;
    using PromiseLib for Promise;

    function claim(Channel calldata channel, uint256 epoch, uint256 cumulativeAmount, bytes32 r, bytes32 vs)
        external
        nonReentrant
    {
        bytes32 channelId = channel.id();
        Lane lane = LaneLib.load(channelId);
        bool fromLane = _paysFromLane(lane, epoch);
        Reserve reserve = fromLane ? ReserveLib.NONE : _livingReserve(channel, channelId, lane, epoch);
        _requireVoucher(channel, channelId, epoch, cumulativeAmount, VoucherLib.NO_PROMISES, r, vs);

        if (fromLane) _claimFromLane(channel, channelId, lane, cumulativeAmount);
        else _claimFromReserve(channel, channelId, lane, epoch, reserve, cumulativeAmount);
    }

    function claimPromised(Channel calldata channel, PromisingVoucher calldata voucher) external nonReentrant {
        bytes32 channelId = channel.id();
        Lane lane = LaneLib.load(channelId);
        uint256 epoch = voucher.epoch;
        bool fromLane = _paysFromLane(lane, epoch);
        Reserve reserve = fromLane ? ReserveLib.NONE : _livingReserve(channel, channelId, lane, epoch);
        uint256 worth = _worth(channel, channelId, voucher);

        if (!fromLane) return _claimFromReserve(channel, channelId, lane, epoch, reserve, worth);
        bool reserving;
        (lane, reserving) = _reserve(channelId, lane, voucher);
        if (reserving && lane.covered(worth) <= lane.settled()) return;
        _claimFromLane(channel, channelId, lane, worth);
    }

    function claimMany(Batch[] calldata batches) external nonReentrant {
        bytes32 separator = _domainSeparator();
        uint256 total = 0;
        for (uint256 i = 0; i < batches.length; ++i) {
            Batch calldata batch = batches[i];
            total += BatchClaims.settle(batch, separator);
            if (i + 1 < batches.length && _sameReceiver(batch, batches[i + 1])) continue;
            _pay(batch.token, batch.payee, total);
            total = 0;
        }
    }

    function record(
        bytes32 channelId,
        uint256 epoch,
        Promise calldata promise_,
        bytes calldata data,
        bytes calldata proof
    ) external {
        Stake memory stake = Stake({
            promiseHash: promise_.hash(),
            fromB: false,
            condition: promise_.condition,
            dataHash: promise_.dataHash,
            amount: promise_.amount,
            expiry: promise_.expiry
        });
        _record(channelId, epoch, stake, data, proof);
    }

    /// @notice The second at which what this closing lane has reserved is over.
    function _reserveEnd(Channel calldata channel, Lane lane, Reserve reserve) internal pure returns (uint256) {
        return ReserveLib.end(lane.closesAt(), reserve.time(), channel.window(), channel.promiseWindow());
    }

    /// @return what a voucher is worth in all: its amount, and what is recorded of its promises
    function _worth(Channel calldata channel, bytes32 channelId, PromisingVoucher calldata voucher)
        internal
        view
        returns (uint256)
    {
        (uint256 epoch, uint256 amount, uint256 total) = (voucher.epoch, voucher.cumulativeAmount, voucher.total);
        bytes32 promises = PromisesLib.hash(voucher.leaves, total, voucher.lastExpiry);
        _requireVoucher(channel, channelId, epoch, amount, promises, voucher.r, voucher.vs);
        (uint256 recorded,) = _recorded(channelId, epoch, voucher.leaves);
        return amount + (recorded < total ? recorded : total);
    }

    function _requireVoucher(
        Channel calldata channel,
        bytes32 channelId,
        uint256 epoch,
        uint256 cumulativeAmount,
        bytes32 promises,
        bytes32 r,
        bytes32 vs
    ) internal view {
        bytes32 digest = VoucherLib.digest(_domainSeparator(), channelId, epoch, cumulativeAmount, promises);
        address signer = PlainKey.signerOf(digest, r, vs);
        require(signer == channel.signerOf(), InvalidSignature(signer, channel.signerOf()));
    }

    function _paysFromLane(Lane lane, uint256 epoch) private view returns (bool) {
        return lane.isOpen() && epoch == lane.epoch() && !lane.windowIsOver();
    }

    function _claimFromLane(Channel calldata channel, bytes32 channelId, Lane lane, uint256 worth) private {
        uint256 due = _due(lane.covered(worth), lane.settled());
        lane = LaneLib.store(channelId, lane.settle(due));
        emit Claimed(channelId, lane);

        _pay(channel.tokenOf(), channel.payeeOf(), due);
    }

    /// @dev The window of the present epoch is over, or the epoch has ended, and then only a withdraw leaves a reserve behind.
    function _livingReserve(Channel calldata channel, bytes32 channelId, Lane lane, uint256 epoch)
        private
        view
        returns (Reserve reserve)
    {
        reserve = _reserves[channelId][epoch];
        uint256 until = reserve.time();
        if (!reserve.isWithdrawn()) {
            require(lane.isOpen(), NotOpen(channelId));
            _requireCurrent(lane, epoch);
            require(lane.isReserved(), WindowOver(block.timestamp, lane.closesAt()));
            until = _reserveEnd(channel, lane, reserve);
        }
        require(block.timestamp < until, ReserveOver(block.timestamp, until));
    }

    function _claimFromReserve(
        Channel calldata channel,
        bytes32 channelId,
        Lane lane,
        uint256 epoch,
        Reserve reserve,
        uint256 worth
    ) private {
        uint256 ceiling = reserve.ceiling();
        if (worth > ceiling) worth = ceiling;
        uint256 due;
        if (reserve.isWithdrawn()) {
            due = _due(worth, reserve.settled());
            _reserves[channelId][epoch] = reserve = reserve.settle(due);
            emit Reserved(channelId, epoch, reserve);
        } else {
            due = _due(worth, lane.settled());
            emit Claimed(channelId, LaneLib.store(channelId, lane.settle(due)));
        }

        _pay(channel.tokenOf(), channel.payeeOf(), due);
    }

    /// @dev While the lane is closing a voucher reserves what its promises may still be worth. An older close's reserve counts
    /// no longer.
    /// @return reserving whether it is more, or longer, than what was reserved at this close before
    function _reserve(bytes32 channelId, Lane lane, PromisingVoucher calldata voucher)
        private
        returns (Lane, bool reserving)
    {
        if (lane.closesAt() == 0 || block.timestamp >= voucher.lastExpiry) return (lane, false);
        uint256 epoch = voucher.epoch;
        Reserve before = lane.isReserved() ? _reserves[channelId][epoch] : ReserveLib.NONE;
        uint256 most = uint256(voucher.cumulativeAmount) + voucher.total;
        Reserve later = before.merge(lane.covered(most), voucher.lastExpiry);
        if (Reserve.unwrap(later) == Reserve.unwrap(before)) return (lane, false);

        _reserves[channelId][epoch] = later;
        emit Reserved(channelId, epoch, later);
        return (LaneLib.store(channelId, lane.reserving()), true);
    }

    function _due(uint256 covered, uint256 settled) private pure returns (uint256) {
        require(covered > settled, AmountNotIncreasing(covered, settled));
        unchecked {
            return covered - settled;
        }
    }

    function _sameReceiver(Batch calldata one, Batch calldata other) private pure returns (bool) {
        return one.payee == other.payee && one.token == other.token;
    }
}
