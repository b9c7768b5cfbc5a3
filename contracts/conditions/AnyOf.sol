// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Combinator} from "./Combinator.sol";

/// @notice Releases what any of its children releases: the largest of their answers. It trusts its most generous child.
/// @dev data and proof are those of Combinator.
contract AnyOf is Combinator {
    function released(bytes32 subject, uint256 amount, bytes calldata data, bytes calldata proof)
        external
        view
        returns (uint256)
    {
        return _reached(1, subject, amount, data, proof);
    }
}
