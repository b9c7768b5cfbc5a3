// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceFeed} from "../conditions/IPriceFeed.sol";

/// @notice A price feed for local chains, with phases as Chainlink's proxies have them; anybody may write its rounds.
contract TestFeed is IPriceFeed {
    struct Round {
        int256 answer;
        uint256 updatedAt;
        uint80 answeredInRound;
    }

    mapping(uint80 roundId => Round) private _rounds;

    function set(uint80 roundId, int256 answer, uint256 updatedAt, uint80 answeredInRound) external {
        _rounds[roundId] = Round(answer, updatedAt, answeredInRound);
    }

    function getRoundData(uint80 roundId) external view returns (uint80, int256, uint256, uint256, uint80) {
        Round memory round = _rounds[roundId];
        require(round.updatedAt != 0, "No data present");
        return (roundId, round.answer, round.updatedAt, round.updatedAt, round.answeredInRound);
    }
}
