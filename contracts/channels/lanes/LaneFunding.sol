// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Channel, ChannelLib} from "../../types/Channel.sol";
import {ChannelFunding, DepositAuthorization} from "../../types/ChannelFunding.sol";
import {Lane, LaneLib} from "../../types/Lane.sol";
import {Deposits} from "../Deposits.sol";
import {Periods} from "../Periods.sol";
import {Lanes} from "./Lanes.sol";

/// @notice How a lane's deposit comes in: by the payer's call, or by the payer's authorization, which anyone may submit.
abstract contract LaneFunding is Lanes, Deposits {
    using ChannelLib for Channel;

    function open(Channel calldata channel, uint96 amount) external payable returns (bytes32 channelId) {
        _requirePayer(channel);
        (channelId,) = _open(channel, amount);

        _pull(channel.tokenOf(), msg.sender, amount);
    }

    function openBySig(Channel calldata channel, uint96 amount, DepositAuthorization calldata authorization)
        external
        nonReentrant
        returns (bytes32 channelId)
    {
        uint256 epoch;
        (channelId, epoch) = _open(channel, amount);

        bytes32 funding = ChannelFunding.hash(ChannelFunding.OPEN, channelId, epoch, authorization.salt);
        _takeFor(funding, channel.tokenOf(), channel.payerOf(), amount, authorization);
    }

    function topUp(Channel calldata channel, uint96 amount) external payable {
        _requirePayer(channel);
        _topUp(channel, amount);

        _pull(channel.tokenOf(), msg.sender, amount);
    }

    function topUpBySig(Channel calldata channel, uint96 amount, DepositAuthorization calldata authorization)
        external
        nonReentrant
    {
        (bytes32 channelId, uint256 epoch) = _topUp(channel, amount);

        bytes32 funding = ChannelFunding.hash(ChannelFunding.TOP_UP, channelId, epoch, authorization.salt);
        _takeFor(funding, channel.tokenOf(), channel.payerOf(), amount, authorization);
    }

    function _open(Channel calldata channel, uint96 amount) private returns (bytes32 channelId, uint256 epoch) {
        (address payer, address payee, address token) = (channel.payer, channel.payee, channel.token);
        address signer = channel.signer;
        require(amount != 0, InvalidAmount());
        require(payee != address(0) && payee != payer && payee != address(this) && payee != token, InvalidPayee(payee));
        require(signer != address(0), InvalidSigner(signer));
        Periods.requireSound(channel.periods);
        channelId = channel.id();
        Lane lane = LaneLib.load(channelId);
        epoch = lane.epoch();
        require(!lane.isOpen(), AlreadyOpen(channelId));
        require(epoch != LaneLib.LAST_EPOCH, NoEpochLeft(channelId));

        lane = LaneLib.store(channelId, lane.addDeposit(amount));
        emit Opened(channelId, payer, payee, token, signer, channel.periods, lane);
    }

    function _topUp(Channel calldata channel, uint96 amount) private returns (bytes32 channelId, uint256 epoch) {
        Lane lane;
        require(amount != 0, InvalidAmount());
        (channelId, lane) = _openLane(channel);
        require(lane.closesAt() == 0, ChannelClosing(channelId, lane.closesAt()));
        uint256 deposit = lane.deposit() + amount;
        require(deposit <= type(uint96).max, DepositTooLarge(deposit, type(uint96).max));

        lane = LaneLib.store(channelId, lane.addDeposit(amount));
        emit ToppedUp(channelId, lane);
        epoch = lane.epoch();
    }
}
