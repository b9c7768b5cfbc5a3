// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Duplex, DuplexLib} from "../../types/Duplex.sol";
import {DuplexChannel, DuplexChannelLib} from "../../types/DuplexChannel.sol";
import {DuplexMessages, Signatures, State} from "../../types/DuplexMessages.sol";
import {DuplexPromises} from "../../types/DuplexPromise.sol";
import {Fight, FightLib} from "../../types/Fight.sol";
import {Deadline} from "../Deadline.sol";
import {DuplexReserves} from "./DuplexReserves.sol";

/// @notice How one party alone ends an epoch: it posts a state, anyone posts a newer one before the deadline, which never moves.
abstract contract Fights is DuplexReserves {
    using DuplexChannelLib for DuplexChannel;

    function challenge(DuplexChannel calldata channel, State calldata state, Signatures calldata signatures) external {
        require(msg.sender == channel.partyA || msg.sender == channel.partyB, NotParty(msg.sender));
        bytes32 channelId = _challengeable(channel, state);

        _challenge(channel, channelId, state, signatures);
    }

    function challengeBySig(
        DuplexChannel calldata channel,
        State calldata state,
        Signatures calldata signatures,
        bool byA,
        uint48 deadline,
        bytes32 r,
        bytes32 vs
    ) external {
        Deadline.requireAhead(deadline);
        bytes32 channelId = _challengeable(channel, state);
        bytes32 structHash = DuplexMessages.challengeHash(channelId, state.epoch, state.version, deadline);
        _requireKey(byA ? channel.signerAOf() : channel.signerBOf(), _hashTypedData(structHash), r, vs);

        _challenge(channel, channelId, state, signatures);
    }

    function answer(DuplexChannel calldata channel, State calldata state, Signatures calldata signatures) external {
        (bytes32 channelId,) = _currentDuplex(channel, state.epoch);
        Fight fight = _fights[channelId][state.epoch];
        uint256 deadline = fight.deadline();
        require(deadline != 0, NotChallenged(channelId, state.epoch));
        require(!_isOver(deadline), FightOver(block.timestamp, deadline));
        require(state.version > fight.version(), VersionNotNewer(state.version, fight.version()));
        _requireBoth(channel, DuplexMessages.stateHash(channelId, state), signatures);

        emit Answered(channelId, state.epoch, _post(channelId, state, deadline), state.promises);
    }

    function payOut(DuplexChannel calldata channel, DuplexPromises calldata promises) external nonReentrant {
        (bytes32 channelId, Duplex duplex) = _openDuplex(channel);
        uint256 epoch = duplex.epoch();
        Fight fight = _fights[channelId][epoch];
        uint256 deadline = fight.deadline();
        require(deadline != 0, NotChallenged(channelId, epoch));
        require(_isOver(deadline), FightNotOver(block.timestamp, deadline));

        (uint256 toA, uint256 toB) = duplex.shares(fight.net());
        duplex.ended().store(channelId);
        _fights[channelId][epoch] = FightLib.NONE;
        emit PaidOut(channelId, DuplexLib.pack(toA, toB, epoch));
        if (fight.hasPromises()) (toA, toB) = _reserve(channel, channelId, epoch, deadline, promises, toA, toB);

        _payParties(channel, toA, toB);
    }

    /// @dev The one place that says which side the boundary second belongs to: at the deadline no answer counts any more.
    function _isOver(uint256 deadline) private view returns (bool) {
        return block.timestamp >= deadline;
    }

    function _challengeable(DuplexChannel calldata channel, State calldata state)
        private
        view
        returns (bytes32 channelId)
    {
        (channelId,) = _currentDuplex(channel, state.epoch);
        require(_fights[channelId][state.epoch].deadline() == 0, AlreadyChallenged(channelId, state.epoch));
    }

    function _challenge(
        DuplexChannel calldata channel,
        bytes32 channelId,
        State calldata state,
        Signatures calldata signatures
    ) private {
        if (state.version == 0) require(state.net == 0 && state.promises == 0, NoState());
        else _requireBoth(channel, DuplexMessages.stateHash(channelId, state), signatures);

        Fight fight = _post(channelId, state, block.timestamp + channel.window());
        emit Challenged(channelId, state.epoch, fight, state.promises);
    }

    function _post(bytes32 channelId, State calldata state, uint256 deadline) private returns (Fight fight) {
        bool hasPromises = state.promises != 0;
        fight = FightLib.pack(state.net, state.version, deadline, hasPromises);
        _fights[channelId][state.epoch] = fight;
        if (hasPromises) _promises[channelId][state.epoch] = state.promises;
    }
}
