// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A price feed that answers 75 at the second that is the round's number in its phase, or answers badly.
contract MoodyFeed {
    enum Mood {
        ANSWERS,
        ANSWERS_AND_MORE,
        FORGETS_ODD_ROUNDS,
        ANSWERS_SHORT,
        ANSWERS_A_LARGE_ROUND_ID,
        REVERTS,
        BURNS_GAS
    }

    Mood public mood;

    error Moody();

    function be(Mood mood_) external {
        mood = mood_;
    }

    function getRoundData(uint80 roundId) external view returns (uint256, int256, uint256, uint256, uint256) {
        if (mood == Mood.FORGETS_ODD_ROUNDS && roundId % 2 == 1) return (roundId, 0, 0, 0, 0);
        if (mood == Mood.ANSWERS_AND_MORE) _answer(roundId, 100_000);
        if (mood == Mood.ANSWERS_SHORT) _answer(roundId, 159);
        if (mood == Mood.ANSWERS_A_LARGE_ROUND_ID) _answer(1 << 80, 160);
        if (mood == Mood.REVERTS) revert Moody();
        if (mood == Mood.BURNS_GAS) while (true) {}
        return (roundId, 75, roundId, uint64(roundId), roundId);
    }

    function _answer(uint256 id, uint256 size) private pure {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, id)
            mstore(add(free, 0x20), 75)
            mstore(add(free, 0x40), and(id, 0xffffffffffffffff))
            mstore(add(free, 0x60), and(id, 0xffffffffffffffff))
            mstore(add(free, 0x80), id)
            return(free, size)
        }
    }
}
