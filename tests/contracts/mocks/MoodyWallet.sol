// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice An ERC-1271 wallet that says yes to every signature, or answers badly.
contract MoodyWallet {
    enum Mood {
        SAYS_YES,
        SAYS_NO,
        SAYS_ANOTHER_WORD,
        SAYS_YES_AND_MORE,
        ANSWERS_SHORT,
        ANSWERS_NOTHING,
        ANSWERS_A_MEGABYTE_OF_NO,
        ANSWERS_A_MEGABYTE_OF_YES,
        REVERTS,
        REVERTS_YES,
        BURNS_GAS
    }

    bytes32 private constant YES = bytes32(bytes4(0x1626ba7e));

    Mood public mood;

    error Moody();

    function be(Mood mood_) external {
        mood = mood_;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        if (mood == Mood.SAYS_NO) _answer(bytes32(bytes4(0xffffffff)), 32);
        if (mood == Mood.SAYS_ANOTHER_WORD) _answer(bytes32(bytes4(0x1626ba7f)), 32);
        if (mood == Mood.SAYS_YES_AND_MORE) _answer(YES | bytes32(uint256(1)), 32);
        if (mood == Mood.ANSWERS_SHORT) _answer(YES, 4);
        if (mood == Mood.ANSWERS_NOTHING) _answer(YES, 0);
        if (mood == Mood.ANSWERS_A_MEGABYTE_OF_NO) _answer(0, 1_000_000);
        if (mood == Mood.ANSWERS_A_MEGABYTE_OF_YES) _answer(YES, 1_000_000);
        if (mood == Mood.REVERTS) revert Moody();
        if (mood == Mood.REVERTS_YES) _revert(YES);
        if (mood == Mood.BURNS_GAS) while (true) {}
        return bytes4(YES);
    }

    function _answer(bytes32 word, uint256 size) private pure {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, word)
            return(free, size)
        }
    }

    function _revert(bytes32 word) private pure {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, word)
            revert(free, 32)
        }
    }
}
