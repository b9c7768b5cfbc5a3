// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMoved} from "./MoodyToken.sol";

/// @notice A party that is a contract: it takes money well, badly, or as an occasion to call back.
contract MoodyParty is IMoved {
    enum Mood {
        ACCEPTS,
        REVERTS,
        REVERTS_HUGE,
        BURNS_GAS,
        ANSWERS_HUGE,
        IS_THIRSTY
    }

    /// @dev One word, so that even the little gas of a native push pays for keeping what came of an attack.
    Mood public mood;
    address public victim;
    bool public tried;
    bool public succeeded;
    bytes4 public refusal;
    bytes public attack;
    uint256 public demand;

    error Moody();
    error Thirsty();

    receive() external payable {
        _act();
    }

    fallback() external payable {
        _act();
    }

    function moved() external {
        _act();
    }

    /// @notice As a wallet it signs whatever it is shown (ERC-1271).
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return this.isValidSignature.selector;
    }

    function be(Mood mood_) external {
        mood = mood_;
    }

    /// @notice Calls `victim_` with `attack_` when money moves from or to it, and keeps what came of it.
    function plan(address victim_, bytes calldata attack_) external {
        (victim, attack) = (victim_, attack_);
        (tried, succeeded, refusal) = (false, false, 0);
    }

    function act(address to, uint256 value, bytes calldata data) external returns (bytes memory answer) {
        bool success;
        (success, answer) = to.call{value: value}(data);
        if (success) return answer;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    function thirst(uint256 demand_) external {
        (mood, demand) = (Mood.IS_THIRSTY, demand_);
    }

    function _act() private {
        uint256 left = gasleft();
        if (mood == Mood.IS_THIRSTY) require(left >= demand, Thirsty());
        if (mood == Mood.REVERTS) revert Moody();
        if (mood == Mood.REVERTS_HUGE) _answer(1_000_000, true);
        if (mood == Mood.BURNS_GAS) while (true) {}
        if (mood == Mood.ANSWERS_HUGE) _answer(50_000, false);
        if (victim == address(0) || tried) return;
        tried = true;
        bytes memory answer;
        (succeeded, answer) = victim.call(attack);
        refusal = bytes4(answer);
    }

    function _answer(uint256 size, bool asError) private pure {
        assembly ("memory-safe") {
            if asError { revert(0, size) }
            return(0, size)
        }
    }
}
