// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PriceFeed} from "../../../contracts/conditions/PriceFeed.sol";
import {TestFeed} from "../../../contracts/testing/TestFeed.sol";
import {MoodyFeed} from "../mocks/MoodyFeed.sol";
import {ConditionCase} from "./ConditionCase.sol";
import {vm} from "../support/Vm.sol";

contract PriceFeedTest is ConditionCase {
    uint16 private constant PHASE = 7;
    uint80 private constant FIRST = uint80(PHASE) << 64 | 1;
    uint48 private constant TIME = uint48(NOW - 100);
    uint32 private constant WITHIN = 50;

    TestFeed private feed;

    function setUp() public {
        condition = deploy("PriceFeed");
        feed = TestFeed(deploy("TestFeed"));
        round(FIRST + 1, 40, TIME - 1);
        round(FIRST + 2, 75, TIME);
        round(FIRST + 3, 90, TIME + 1);
    }

    function round(uint80 id, int256 answer, uint256 updatedAt) private {
        feed.set(id, answer, updatedAt, id);
    }

    function data(int256 noneAt, int256 allAt) private view returns (bytes memory) {
        return abi.encode(feed, PHASE, TIME, WITHIN, noneAt, allAt);
    }

    function assertPays(int256 noneAt, int256 allAt, uint256 expected, string memory what) private view {
        assertReleased(data(noneAt, allAt), abi.encode(FIRST + 2), expected, what);
    }

    function test_PriceFeed_PaysOnTheLineBetweenTwoPrices() public view {
        assertPays(50, 100, 500, "rising");
        assertPays(100, 50, 500, "falling");
        assertPays(0, 90, 833, "rounded down");
        assertPays(75, 100, 0, "at the price of nothing");
        assertPays(76, 100, 0, "below it");
        assertPays(50, 75, AMOUNT, "at the price of all");
        assertPays(50, 74, AMOUNT, "above it");
        assertPays(100, 76, AMOUNT, "falling, below the price of all");
        assertPays(74, 50, 0, "falling, above the price of nothing");
        assertPays(75, 75, 0, "no line");
        assertPays(70, 70, 0, "no line");
        assertPays(80, 80, 0, "no line");
    }

    /// @dev Where the distance to the price wraps round, the line is so long that its share would look like one.
    function test_PriceFeed_PaysNothingJustOutsideAVeryLongLine() public {
        int256 end = int256(1) << 254;
        round(FIRST + 2, -end - 1, TIME);
        assertPays(-end, end, 0, "below a rising line");
        round(FIRST + 2, end + 1, TIME);
        assertPays(end, -end, 0, "above a falling line");
    }

    function test_PriceFeed_HoldsForEveryPrice(int256 price, int256 noneAt, int256 allAt, uint256 amount) public {
        round(FIRST + 2, price, TIME);
        uint256 rising = PriceFeed(condition).released(0, amount, data(noneAt, allAt), abi.encode(FIRST + 2));
        uint256 falling = PriceFeed(condition).released(0, amount, data(allAt, noneAt), abi.encode(FIRST + 2));
        vm.assertLe(rising, amount, "more than all");
        if (noneAt == allAt) return;
        vm.assertLe(rising, amount - falling, "both lines make more than all");
        vm.assertLe(amount - falling - rising, 1, "both lines make all, but for the rounding");
    }

    function test_PriceFeed_AHigherPriceNeverPaysLess(int256 price, int256 higher, int256 noneAt, int256 allAt) public {
        vm.assume(price <= higher && noneAt < allAt);
        round(FIRST + 2, price, TIME);
        uint256 before = released(data(noneAt, allAt), abi.encode(FIRST + 2));
        round(FIRST + 2, higher, TIME);
        vm.assertGe(released(data(noneAt, allAt), abi.encode(FIRST + 2)), before, "a higher price");
    }

    function test_PriceFeed_CountsOneRoundAlone() public {
        bytes memory agreed = data(0, 100);
        assertReleased(agreed, abi.encode(FIRST + 1), 0, "the one before");
        assertReleased(agreed, abi.encode(FIRST + 2), 750, "the first in time");
        assertReleased(agreed, abi.encode(FIRST + 3), 0, "the next");
        assertReleased(agreed, abi.encode(FIRST + 4), 0, "one that is not there");
        round(FIRST + 1, 40, TIME);
        assertReleased(agreed, abi.encode(FIRST + 2), 0, "the one before is in time, too");
    }

    function test_PriceFeed_TheRoundMustComeInTime() public {
        uint48[4] memory times = [TIME - 1, TIME, TIME + WITHIN - 1, TIME + WITHIN];
        uint16[4] memory expected = [0, 750, 750, 0];
        for (uint256 i; i < times.length; ++i) {
            round(FIRST + 2, 75, times[i]);
            assertPays(0, 100, expected[i], "updated at");
        }
    }

    /// @dev Nothing would show that it is the first: the round before may be missing, or be of another aggregator.
    function test_PriceFeed_NeedsTheRoundBefore() public {
        feed = TestFeed(deploy("TestFeed"));
        round(FIRST + 2, 75, TIME);
        assertPays(0, 100, 0, "no round before");
        round(FIRST, 75, TIME);
        round(FIRST - 1, 40, TIME - 1);
        assertReleased(data(0, 100), abi.encode(FIRST), 0, "the phase's first round");
        round(FIRST - 2, 40, TIME - 1);
        assertReleased(data(0, 100), abi.encode(FIRST - 1), 0, "round zero");
    }

    function test_PriceFeed_KeepsToItsPhase() public {
        uint80 other = (uint80(PHASE) + 1) << 64 | 3;
        round(other - 1, 40, TIME - 1);
        round(other, 75, TIME);
        assertReleased(data(0, 100), abi.encode(other), 0, "another phase");
    }

    function test_PriceFeed_TakesNoAnswerThatWasCarriedOver() public {
        feed.set(FIRST + 2, 75, TIME, FIRST + 1);
        assertPays(0, 100, 0, "answered in an earlier round");
    }

    function test_PriceFeed_FindsNothingInABadFeed() public {
        bytes memory proof = abi.encode(uint80(PHASE) << 64 | TIME);
        MoodyFeed moody = new MoodyFeed();
        feed = TestFeed(address(moody));
        for (uint8 i; i <= uint8(type(MoodyFeed.Mood).max); ++i) {
            moody.be(MoodyFeed.Mood(i));
            bool good = i <= uint8(MoodyFeed.Mood.ANSWERS_AND_MORE);
            assertReleased(data(0, 100), proof, good ? 750 : 0, "a bad feed");
        }
        for (uint160 i; i <= 11; ++i) {
            feed = TestFeed(i == 0 ? address(this) : address(i));
            assertReleased(data(0, 100), proof, 0, "no feed at all");
        }
    }

    function test_PriceFeed_TakesOnlyAWholeProofAndData() public view {
        assertOnlyWholeProof(data(0, 100), abi.encode(FIRST + 2));
        assertOnlyWholeData(data(0, 100), abi.encode(FIRST + 2));
        assertReleased(data(0, 100), abi.encode(uint256(1) << 80 | (FIRST + 2)), 0, "no uint80");
    }
}
