// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A payment's whole state in one word, low bits first: held 96, refundable 96, disputedAt 48, free 15, used 1.
/// @dev `refundable` is what the payee was paid and has not given back, fee included. `used` never clears.
type Holding is uint256;

using HoldingLib for Holding global;

library HoldingLib {
    uint256 private constant AMOUNT = type(uint96).max;
    uint256 private constant REFUNDABLE_AT = 96;
    uint256 private constant DISPUTED_AT_AT = 192;
    uint256 private constant USED = 1 << 255;

    /// @dev A payment id is a hash already, so the word stands in the slot of that number.
    function load(bytes32 paymentId) internal view returns (Holding holding) {
        assembly ("memory-safe") {
            holding := sload(paymentId)
        }
    }

    function store(Holding holding, bytes32 paymentId) internal returns (Holding) {
        assembly ("memory-safe") {
            sstore(paymentId, holding)
        }
        return holding;
    }

    function authorized(uint256 amount) internal pure returns (Holding) {
        return Holding.wrap(USED | amount);
    }

    function held(Holding holding) internal pure returns (uint256) {
        return Holding.unwrap(holding) & AMOUNT;
    }

    function refundable(Holding holding) internal pure returns (uint256) {
        return (Holding.unwrap(holding) >> REFUNDABLE_AT) & AMOUNT;
    }

    /// @return zero while there is no dispute
    function disputedAt(Holding holding) internal pure returns (uint256) {
        return uint48(Holding.unwrap(holding) >> DISPUTED_AT_AT);
    }

    function isUsed(Holding holding) internal pure returns (bool) {
        return Holding.unwrap(holding) & USED != 0;
    }

    function isDisputed(Holding holding) internal pure returns (bool) {
        return disputedAt(holding) != 0;
    }

    /// @dev `time` must not be zero, and there must be no dispute yet.
    function dispute(Holding holding, uint256 time) internal pure returns (Holding) {
        return Holding.wrap(Holding.unwrap(holding) | (uint256(uint48(time)) << DISPUTED_AT_AT));
    }

    /// @dev The hold went elsewhere: nothing is held or disputed, and what was paid stays refundable.
    function movedOn(Holding holding) internal pure returns (Holding) {
        return Holding.wrap(Holding.unwrap(holding) & ~(AMOUNT | (uint256(type(uint48).max) << DISPUTED_AT_AT)));
    }

    /// @dev From held to the payee. `amount` must be at most what is held.
    function earn(Holding holding, uint256 amount) internal pure returns (Holding) {
        unchecked {
            return Holding.wrap(Holding.unwrap(holding) - amount + (amount << REFUNDABLE_AT));
        }
    }

    /// @dev From held to the payer. `amount` must be at most what is held.
    function giveBack(Holding holding, uint256 amount) internal pure returns (Holding) {
        unchecked {
            return Holding.wrap(Holding.unwrap(holding) - amount);
        }
    }

    /// @dev The payee returned `amount`, which must be at most what is refundable.
    function refund(Holding holding, uint256 amount) internal pure returns (Holding) {
        unchecked {
            return Holding.wrap(Holding.unwrap(holding) - (amount << REFUNDABLE_AT));
        }
    }
}
