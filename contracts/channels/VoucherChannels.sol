// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../interfaces/IVoucherChannels.sol";
import {Funding} from "../money/Funding.sol";
import {Payouts} from "../money/Payouts.sol";
import {Channel, ChannelLib} from "../types/Channel.sol";
import {EarnestDomain} from "../types/EarnestDomain.sol";
import {Lane, LaneLib} from "../types/Lane.sol";
import {VoucherLib} from "../types/Voucher.sol";
import {BatchClaims} from "./BatchClaims.sol";
import {PlainKey} from "../signatures/PlainKey.sol";

/// @notice One instance for all one-way channels. No owner, no upgrade.
contract VoucherChannels is IVoucherChannels, EarnestDomain, Funding, Payouts {
    using ChannelLib for Channel;

    uint256 private constant SHORTEST_PERIOD = 15 minutes;
    uint256 private constant LONGEST_PERIOD = 365 days;

    function open(Channel calldata channel, uint96 amount) external payable returns (bytes32 channelId) {
        (address payer, address payee, address token) = (channel.payer, channel.payee, channel.token);
        address signer = channel.signer;
        require(msg.sender == payer, NotPayer(msg.sender, payer));
        require(amount != 0, InvalidAmount());
        require(payee != address(0) && payee != payer && payee != address(this) && payee != token, InvalidPayee(payee));
        require(signer != address(0), InvalidSigner(signer));
        _requirePeriod(channel.window());
        _requirePeriod(channel.promiseWindow());
        channelId = channel.id();
        Lane lane = LaneLib.load(channelId);
        require(!lane.isOpen(), AlreadyOpen(channelId));
        require(lane.epoch() != LaneLib.LAST_EPOCH, NoEpochLeft(channelId));

        lane = LaneLib.store(channelId, lane.addDeposit(amount));
        emit Opened(channelId, payer, payee, token, signer, channel.periods, lane);

        _pull(token, payer, amount);
    }

    function topUp(Channel calldata channel, uint96 amount) external payable {
        _requirePayer(channel);
        require(amount != 0, InvalidAmount());
        (bytes32 channelId, Lane lane) = _openLane(channel);
        require(lane.closesAt() == 0, ChannelClosing(channelId, lane.closesAt()));
        uint256 deposit = lane.deposit() + amount;
        require(deposit <= type(uint96).max, DepositTooLarge(deposit, type(uint96).max));

        lane = LaneLib.store(channelId, lane.addDeposit(amount));
        emit ToppedUp(channelId, lane);

        _pull(channel.tokenOf(), channel.payerOf(), amount);
    }

    function claim(Channel calldata channel, uint256 epoch, uint256 cumulativeAmount, bytes32 r, bytes32 vs)
        external
        nonReentrant
    {
        (bytes32 channelId, Lane lane) = _openLane(channel);
        _requireCurrent(lane, epoch);
        require(!lane.windowIsOver(), WindowOver(block.timestamp, lane.closesAt()));
        _requireSigned(channel.signerOf(), channelId, epoch, cumulativeAmount, r, vs);
        uint256 settled = lane.settled();
        uint256 covered = lane.covered(cumulativeAmount);
        require(covered > settled, AmountNotIncreasing(covered, settled));

        uint256 due = covered - settled;
        lane = LaneLib.store(channelId, lane.settle(due));
        emit Claimed(channelId, lane);

        _pay(channel.tokenOf(), channel.payeeOf(), due);
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

    function close(
        Channel calldata channel,
        uint256 epoch,
        uint256 take,
        uint256 cumulativeAmount,
        bytes32 r,
        bytes32 vs
    ) external nonReentrant {
        require(msg.sender == channel.payeeOf(), NotPayee(msg.sender, channel.payeeOf()));
        (bytes32 channelId, Lane lane) = _openLane(channel);
        _requireCurrent(lane, epoch);
        require(!lane.windowIsOver(), WindowOver(block.timestamp, lane.closesAt()));
        uint256 settled = lane.settled();
        uint256 due = 0;
        if (take > settled) {
            _requireSigned(channel.signerOf(), channelId, epoch, cumulativeAmount, r, vs);
            uint256 covered = lane.covered(cumulativeAmount);
            require(take <= covered, TakeTooLarge(take, covered));
            due = take - settled;
        }

        LaneLib.store(channelId, lane.ended());
        emit Closed(channelId, lane.settle(due));

        unchecked {
            uint256 rest = lane.deposit() - settled - due;
            _payBoth(channel.tokenOf(), channel.payeeOf(), due, channel.payerOf(), rest);
        }
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

        unchecked {
            _pay(channel.tokenOf(), channel.payerOf(), lane.deposit() - lane.settled());
        }
    }

    function channelIdOf(Channel calldata channel) external pure returns (bytes32) {
        return channel.id();
    }

    function laneOf(bytes32 channelId)
        external
        view
        returns (uint96 deposit, uint96 settled, uint32 closesAt, uint32 epoch)
    {
        Lane lane = LaneLib.load(channelId);
        return (uint96(lane.deposit()), uint96(lane.settled()), uint32(lane.closesAt()), uint32(lane.epoch()));
    }

    function _sameReceiver(Batch calldata one, Batch calldata other) private pure returns (bool) {
        return one.payee == other.payee && one.token == other.token;
    }

    function _openLane(Channel calldata channel) private view returns (bytes32 channelId, Lane lane) {
        channelId = channel.id();
        lane = LaneLib.load(channelId);
        require(lane.isOpen(), NotOpen(channelId));
    }

    function _requirePayer(Channel calldata channel) private view {
        require(msg.sender == channel.payerOf(), NotPayer(msg.sender, channel.payerOf()));
    }

    function _requireCurrent(Lane lane, uint256 epoch) private pure {
        require(epoch == lane.epoch(), WrongEpoch(epoch, lane.epoch()));
    }

    function _requirePeriod(uint256 period) private pure {
        require(
            period >= SHORTEST_PERIOD && period <= LONGEST_PERIOD,
            InvalidPeriod(period, SHORTEST_PERIOD, LONGEST_PERIOD)
        );
    }

    function _requireSigned(
        address expected,
        bytes32 channelId,
        uint256 epoch,
        uint256 cumulativeAmount,
        bytes32 r,
        bytes32 vs
    ) private view {
        bytes32 digest = VoucherLib.digest(_domainSeparator(), channelId, epoch, cumulativeAmount);
        address signer = PlainKey.signerOf(digest, r, vs);
        require(signer == expected, InvalidSignature(signer, expected));
    }
}
