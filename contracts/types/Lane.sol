// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice A lane's whole state in one word, low bits first: deposit 96, settled 96, closesAt 32, epoch 31, reserved 1.
/// @dev Loaded once, changed on the stack, stored once; events carry it as it stands.
type Lane is uint256;

using LaneLib for Lane global;

library LaneLib {
    uint256 private constant AMOUNT = type(uint96).max;
    uint256 private constant SETTLED_AT = 96;
    uint256 private constant CLOSES_AT_AT = 192;
    uint256 private constant EPOCH_AT = 224;
    uint256 internal constant LAST_EPOCH = 2 ** 31 - 1;
    uint256 private constant RESERVED = 1 << 255;

    /// @dev A channel id is a hash already, so the lane stands in the slot of that number.
    function load(bytes32 channelId) internal view returns (Lane lane) {
        assembly ("memory-safe") {
            lane := sload(channelId)
        }
    }

    function store(bytes32 channelId, Lane lane) internal returns (Lane) {
        assembly ("memory-safe") {
            sstore(channelId, lane)
        }
        return lane;
    }

    function deposit(Lane lane) internal pure returns (uint256) {
        return Lane.unwrap(lane) & AMOUNT;
    }

    function settled(Lane lane) internal pure returns (uint256) {
        return (Lane.unwrap(lane) >> SETTLED_AT) & AMOUNT;
    }

    /// @return what is not settled
    function rest(Lane lane) internal pure returns (uint256) {
        unchecked {
            return deposit(lane) - settled(lane);
        }
    }

    /// @return what a voucher is worth in all: never above the deposit
    function covered(Lane lane, uint256 cumulativeAmount) internal pure returns (uint256) {
        uint256 limit = deposit(lane);
        return cumulativeAmount < limit ? cumulativeAmount : limit;
    }

    /// @return zero while nobody has asked for the close
    function closesAt(Lane lane) internal pure returns (uint256) {
        return uint32(Lane.unwrap(lane) >> CLOSES_AT_AT);
    }

    function epoch(Lane lane) internal pure returns (uint256) {
        return (Lane.unwrap(lane) >> EPOCH_AT) & LAST_EPOCH;
    }

    /// @return whether something is reserved for promises at this close
    function isReserved(Lane lane) internal pure returns (bool) {
        return int256(Lane.unwrap(lane)) < 0; // the highest bit
    }

    function isOpen(Lane lane) internal pure returns (bool) {
        return deposit(lane) != 0;
    }

    /// @dev The one place that says which side the boundary second belongs to: at `closesAt` the window is over. Zero, no
    /// request, wraps around to a time that never comes.
    function windowIsOver(Lane lane) internal view returns (bool) {
        unchecked {
            return closesAt(lane) - 1 < block.timestamp;
        }
    }

    /// @dev `amount` must keep the deposit within 96 bits.
    function addDeposit(Lane lane, uint256 amount) internal pure returns (Lane) {
        unchecked {
            return Lane.wrap(Lane.unwrap(lane) + amount);
        }
    }

    /// @dev What is settled afterwards must be at most the deposit.
    function settle(Lane lane, uint256 due) internal pure returns (Lane) {
        unchecked {
            return Lane.wrap(Lane.unwrap(lane) + (due << SETTLED_AT));
        }
    }

    function reserving(Lane lane) internal pure returns (Lane) {
        return Lane.wrap(Lane.unwrap(lane) | RESERVED);
    }

    /// @dev Reverts from 2105 on, when a time no longer fits. What an earlier close reserved counts no longer.
    function closingAt(Lane lane, uint256 time) internal pure returns (Lane) {
        uint256 cleared = Lane.unwrap(lane) & ~(RESERVED | uint256(type(uint32).max) << CLOSES_AT_AT);
        return Lane.wrap(cleared | (uint256(SafeCast.toUint32(time)) << CLOSES_AT_AT));
    }

    /// @dev An end leaves the next epoch's number and nothing else: every voucher of this one is dead.
    function ended(Lane lane) internal pure returns (Lane) {
        unchecked {
            return Lane.wrap((epoch(lane) + 1) << EPOCH_AT);
        }
    }
}
