// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {DuplexChannel, DuplexChannelLib} from "../../types/DuplexChannel.sol";
import {DuplexPromise, DuplexPromiseLib, DuplexPromises} from "../../types/DuplexPromise.sol";
import {PromisesLib} from "../../types/Promises.sol";
import {ReserveLib} from "../../types/Reserve.sol";
import {Records} from "../Records.sol";
import {Duplexes} from "./Duplexes.sol";

/// @notice What an ended epoch keeps for its promises in each direction, how they are proven, and how they are paid.
abstract contract DuplexReserves is Duplexes, Records {
    using DuplexChannelLib for DuplexChannel;
    using DuplexPromiseLib for DuplexPromise;
    using DuplexPromiseLib for DuplexPromises;

    /// @dev What promises may take of each party's share in all, what of that is paid, and until when: 0 where there is none.
    struct DuplexReserve {
        uint96 fromA;
        uint96 paidFromA;
        uint48 until;
        uint96 fromB;
        uint96 paidFromB;
        bytes32 promises;
    }

    mapping(bytes32 channelId => mapping(uint256 epoch => DuplexReserve)) private _duplexReserves;

    function record(
        bytes32 channelId,
        uint256 epoch,
        DuplexPromise calldata promise_,
        bytes calldata data,
        bytes calldata proof
    ) external {
        Stake memory stake = Stake({
            promiseHash: promise_.hash(),
            fromB: !promise_.fromA,
            condition: promise_.condition,
            dataHash: promise_.dataHash,
            amount: promise_.amount,
            expiry: promise_.expiry
        });
        _record(channelId, epoch, stake, data, proof);
    }

    function collect(
        DuplexChannel calldata channel,
        uint256 epoch,
        DuplexPromises calldata promises,
        bytes32[] calldata leaves
    ) external nonReentrant {
        bytes32 channelId = channel.id();
        DuplexReserve storage reserve = _duplexReserves[channelId][epoch];
        uint256 until = reserve.until;
        require(until != 0, NothingReserved(channelId, epoch));
        require(block.timestamp < until, ReserveOver(block.timestamp, until));
        _requirePromises(promises, reserve.promises);
        bytes32 leavesHash = PromisesLib.leavesHash(leaves);
        require(leavesHash == promises.leaves, WrongPromises(leavesHash, promises.leaves));
        (uint256 fromA, uint256 fromB) = _recorded(channelId, epoch, leaves);
        fromA = Math.min(fromA, reserve.fromA);
        fromB = Math.min(fromB, reserve.fromB);
        uint256 toB = fromA - reserve.paidFromA;
        uint256 toA = fromB - reserve.paidFromB;
        require(toA + toB != 0, NothingToCollect(channelId, epoch));

        (reserve.paidFromA, reserve.paidFromB) = (uint96(fromA), uint96(fromB));
        emit Collected(channelId, epoch, toA, toB);

        _payParties(channel, toA, toB);
    }

    function sweep(DuplexChannel calldata channel, uint256 epoch) external nonReentrant {
        bytes32 channelId = channel.id();
        DuplexReserve memory reserve = _duplexReserves[channelId][epoch];
        require(reserve.until != 0, NothingReserved(channelId, epoch));
        require(block.timestamp >= reserve.until, ReserveNotOver(block.timestamp, reserve.until));

        (uint256 toA, uint256 toB) = (reserve.fromA - reserve.paidFromA, reserve.fromB - reserve.paidFromB);
        delete _duplexReserves[channelId][epoch];
        emit Swept(channelId, epoch, toA, toB);

        _payParties(channel, toA, toB);
    }

    function reserveOf(bytes32 channelId, uint256 epoch)
        external
        view
        returns (uint96 fromA, uint96 paidFromA, uint96 fromB, uint96 paidFromB, uint48 until, bytes32 promises)
    {
        DuplexReserve memory reserve = _duplexReserves[channelId][epoch];
        return (reserve.fromA, reserve.paidFromA, reserve.fromB, reserve.paidFromB, reserve.until, reserve.promises);
    }

    /// @dev Each party's promises are covered by its own share, as far as that goes. When all of it is over, nothing is kept.
    /// @return restA what A gets now
    /// @return restB what B gets now
    function _reserve(
        DuplexChannel calldata channel,
        bytes32 channelId,
        uint256 epoch,
        uint256 deadline,
        DuplexPromises calldata promises,
        uint256 shareA,
        uint256 shareB
    ) internal returns (uint256 restA, uint256 restB) {
        bytes32 expected = _promises[channelId][epoch];
        delete _promises[channelId][epoch];
        // no promises outlast this, so that who hides what the hash stands for can't hold the rest for ever
        if (block.timestamp >= _end(channel, deadline, type(uint256).max)) return (shareA, shareB);
        _requirePromises(promises, expected);
        uint256 until = _end(channel, deadline, promises.lastExpiry);
        if (block.timestamp >= until) return (shareA, shareB);
        restA = shareA - Math.min(promises.totalFromA, shareA);
        restB = shareB - Math.min(promises.totalFromB, shareB);
        _keep(channelId, epoch, shareA - restA, shareB - restB, until, expected);
    }

    function _keep(bytes32 channelId, uint256 epoch, uint256 fromA, uint256 fromB, uint256 until, bytes32 promises)
        private
    {
        _duplexReserves[channelId][epoch] = DuplexReserve(uint96(fromA), 0, uint48(until), uint96(fromB), 0, promises);
        emit Reserved(channelId, epoch, fromA, fromB, until);
    }

    function _end(DuplexChannel calldata channel, uint256 deadline, uint256 lastExpiry) private pure returns (uint256) {
        return ReserveLib.end(deadline, lastExpiry, channel.window(), channel.promiseWindow());
    }

    function _requirePromises(DuplexPromises calldata promises, bytes32 expected) private pure {
        bytes32 found = promises.hash();
        require(found == expected, WrongPromises(found, expected));
    }
}
