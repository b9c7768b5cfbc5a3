// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICondition} from "./ICondition.sol";
import {IPriceFeed} from "./IPriceFeed.sol";

/// @notice Releases a share on the line between two prices, by a feed's price at an agreed time: a cash-settled contract.
/// @dev data = abi.encode(address feed, uint16 phase, uint48 time, uint32 within, int256 noneAt, int256 allAt);
/// proof = abi.encode(uint80 roundId). One round counts: the phase's first at or after `time`, if before time + within.
/// A round that is missing, out of time or carried over from an earlier one releases nothing.
contract PriceFeed is ICondition {
    function released(bytes32, uint256 amount, bytes calldata data, bytes calldata proof)
        external
        view
        returns (uint256)
    {
        (IPriceFeed feed, uint16 phase, uint48 time, uint32 within, int256 noneAt, int256 allAt) =
            abi.decode(data, (IPriceFeed, uint16, uint48, uint32, int256, int256));
        if (proof.length != 32) return 0;
        uint80 roundId = abi.decode(proof, (uint80));
        // the phase's first round has none before it, so nothing shows that it is the first after `time`
        if (roundId >> 64 != phase || uint64(roundId) < 2) return 0;
        (,,, uint256 before,) = feed.getRoundData(roundId - 1);
        if (before == 0 || before >= time) return 0;
        (, int256 price,, uint256 updatedAt, uint80 answeredInRound) = feed.getRoundData(roundId);
        if (updatedAt < time || updatedAt >= uint256(time) + within || answeredInRound < roundId) return 0;
        return _payoff(amount, price, noneAt, allAt);
    }

    function _payoff(uint256 amount, int256 price, int256 noneAt, int256 allAt) private pure returns (uint256) {
        // a falling line is the rising one of the complements: they order the other way round, and none overflows
        if (noneAt > allAt) (price, noneAt, allAt) = (~price, ~noneAt, ~allAt);
        if (noneAt == allAt || price <= noneAt) return 0;
        if (price >= allAt) return amount;
        return Math.mulDiv(amount, _distance(noneAt, price), _distance(noneAt, allAt));
    }

    /// @dev Right for any two numbers with low <= high: their difference always fits 256 bits without a sign.
    function _distance(int256 low, int256 high) private pure returns (uint256) {
        unchecked {
            return uint256(high) - uint256(low);
        }
    }
}
