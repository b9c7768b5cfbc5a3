// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What PriceFeed asks of a Chainlink feed (AggregatorV3Interface).
interface IPriceFeed {
    /// @param roundId phase 16 | the aggregator's round 64
    /// @param updatedAt zero for a round that has no answer
    /// @param answeredInRound an earlier round, where the answer was carried over from it
    function getRoundData(uint80 roundId)
        external
        view
        returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
