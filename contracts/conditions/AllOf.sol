// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Combinator} from "./Combinator.sol";

/// @notice Releases what all of its children release: the smallest of their answers.
/// @dev data and proof are those of Combinator.
contract AllOf is Combinator {
    function released(bytes32 subject, uint256 amount, bytes calldata data, bytes calldata proof)
        external
        view
        returns (uint256)
    {
        return _reached(uint8(data[0]), subject, amount, data, proof);
    }
}
