// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICondition} from "../../../contracts/conditions/ICondition.sol";

/// @notice Answers what the proof says, or badly.
contract MoodyCondition is ICondition {
    enum Mood {
        ANSWERS_THE_PROOF,
        REVERTS,
        REVERTS_HUGE,
        BURNS_GAS,
        ANSWERS_SHORT,
        ANSWERS_HUGE,
        NEEDS_ITS_GAS,
        ANSWERS_THE_SUBJECT
    }

    Mood public mood;

    error Moody();

    function be(Mood mood_) external {
        mood = mood_;
    }

    function released(bytes32 subject, uint256 amount, bytes calldata, bytes calldata proof)
        external
        view
        returns (uint256)
    {
        if (mood == Mood.REVERTS) revert Moody();
        if (mood == Mood.REVERTS_HUGE) _answer(amount, 1_000_000, true);
        if (mood == Mood.BURNS_GAS) while (true) {}
        if (mood == Mood.ANSWERS_SHORT) _answer(amount, 31, false);
        if (mood == Mood.ANSWERS_HUGE) _answer(amount, 100_000, false);
        if (mood == Mood.NEEDS_ITS_GAS) return gasleft() > 295_000 ? amount : 0;
        if (mood == Mood.ANSWERS_THE_SUBJECT) return uint256(subject) == abi.decode(proof, (uint256)) ? amount : 0;
        return abi.decode(proof, (uint256));
    }

    function _answer(uint256 word, uint256 size, bool asError) private pure {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, word)
            if asError { revert(free, size) }
            return(free, size)
        }
    }
}
