// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Combinator} from "./Combinator.sol";

/// @notice Releases what at least k of its children release: the k-th largest of their answers.
/// @dev data = k 8 | children; these and the proof are those of Combinator.
contract AtLeast is Combinator {
    function released(bytes32 subject, uint256 amount, bytes calldata data, bytes calldata proof)
        external
        view
        returns (uint256)
    {
        return _reached(uint8(data[0]), subject, amount, data[1:], proof);
    }
}
