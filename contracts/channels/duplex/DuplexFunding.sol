// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChannelFunding, DepositAuthorization} from "../../types/ChannelFunding.sol";
import {Duplex, DuplexLib} from "../../types/Duplex.sol";
import {DuplexChannel, DuplexChannelLib} from "../../types/DuplexChannel.sol";
import {Deposits} from "../Deposits.sol";
import {Periods} from "../Periods.sol";
import {Duplexes} from "./Duplexes.sol";

/// @notice How deposits come in: each party's by its own call, or by its authorization. They only ever rise, and no state names them.
abstract contract DuplexFunding is Duplexes, Deposits {
    using DuplexChannelLib for DuplexChannel;

    function deposit(DuplexChannel calldata channel, uint256 epoch, uint96 amount) external payable {
        bool byA = msg.sender == channel.partyA;
        require(byA || msg.sender == channel.partyB, NotParty(msg.sender));
        _deposit(channel, epoch, byA, amount);

        _pull(channel.token, msg.sender, amount);
    }

    function depositBySig(
        DuplexChannel calldata channel,
        uint256 epoch,
        bool byA,
        uint96 amount,
        DepositAuthorization calldata authorization
    ) external nonReentrant {
        bytes32 channelId = _deposit(channel, epoch, byA, amount);

        bytes32 funding = ChannelFunding.hash(ChannelFunding.DEPOSIT, channelId, epoch, authorization.salt);
        _takeFor(funding, channel.token, byA ? channel.partyA : channel.partyB, amount, authorization);
    }

    function _deposit(DuplexChannel calldata channel, uint256 epoch, bool byA, uint96 amount)
        private
        returns (bytes32 channelId)
    {
        require(amount != 0, InvalidAmount());
        channelId = channel.id();
        Duplex duplex = DuplexLib.load(channelId);
        require(epoch == duplex.epoch(), WrongEpoch(epoch, duplex.epoch()));
        if (!duplex.isOpen()) _begin(channel, channelId, epoch);
        uint256 total = duplex.total() + amount;
        require(total <= type(uint96).max, DepositTooLarge(total, type(uint96).max));

        emit Deposited(channelId, duplex.add(byA, amount).store(channelId));
    }

    function _begin(DuplexChannel calldata channel, bytes32 channelId, uint256 epoch) private {
        (address a, address b, address token) = (channel.partyA, channel.partyB, channel.token);
        (address signerA, address signerB) = (channel.signerA, channel.signerB);
        _requireParty(a, token);
        _requireParty(b, token);
        require(a != b, InvalidParty(b));
        require(signerA != address(0), InvalidSigner(signerA));
        require(signerB != address(0) && signerB != signerA, InvalidSigner(signerB));
        Periods.requireSound(channel.periods);
        require(epoch != DuplexLib.LAST_EPOCH, NoEpochLeft(channelId));

        emit Opened(channelId, a, b, token, signerA, signerB, channel.periods);
    }

    function _requireParty(address party, address token) private view {
        require(party != address(0) && party != address(this) && party != token, InvalidParty(party));
    }
}
