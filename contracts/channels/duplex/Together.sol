// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Duplex, DuplexLib} from "../../types/Duplex.sol";
import {DuplexChannel} from "../../types/DuplexChannel.sol";
import {CloseTogether, DuplexMessages, Signatures, WithdrawTogether} from "../../types/DuplexMessages.sol";
import {Deadline} from "../Deadline.sol";
import {Duplexes} from "./Duplexes.sol";

/// @notice What both agree on ends the epoch at once, in a fight too: nothing of it can be posted, answered or paid out any more.
abstract contract Together is Duplexes {
    function closeTogether(DuplexChannel calldata channel, CloseTogether calldata end, Signatures calldata signatures)
        external
        nonReentrant
    {
        Deadline.requireAhead(end.deadline);
        (bytes32 channelId, Duplex duplex) = _currentDuplex(channel, end.epoch);
        _requireBoth(channel, DuplexMessages.closeHash(channelId, end), signatures);

        (uint256 toA, uint256 toB) = duplex.shares(end.net);
        duplex.ended().store(channelId);
        emit ClosedTogether(channelId, DuplexLib.pack(toA, toB, duplex.epoch()));

        _payParties(channel, toA, toB);
    }

    function withdrawTogether(
        DuplexChannel calldata channel,
        WithdrawTogether calldata end,
        Signatures calldata signatures
    ) external nonReentrant {
        (uint256 toA, uint256 toB) = (end.toA, end.toB);
        Deadline.requireAhead(end.deadline);
        (bytes32 channelId, Duplex duplex) = _currentDuplex(channel, end.epoch);
        _requireBoth(channel, DuplexMessages.withdrawHash(channelId, end), signatures);
        (uint256 shareA, uint256 shareB) = duplex.shares(end.net);
        require(toA <= shareA, WithdrawalTooLarge(toA, shareA));
        require(toB <= shareB, WithdrawalTooLarge(toB, shareB));
        // what is left is open in the next epoch, which must have one after it
        uint256 next = duplex.epoch() + 1;
        require(next != DuplexLib.LAST_EPOCH, NoEpochLeft(channelId));

        duplex = DuplexLib.pack(shareA - toA, shareB - toB, next).store(channelId);
        emit WithdrawnTogether(channelId, duplex, toA, toB);

        _payParties(channel, toA, toB);
    }
}
