// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICondition} from "../../../contracts/conditions/ICondition.sol";

/// @notice A condition that calls somebody while it is asked, and releases everything once that was refused.
contract PromiseIntruder is ICondition {
    address private immutable _VICTIM;
    bytes private _attack;

    constructor(address victim) {
        _VICTIM = victim;
    }

    function plan(bytes calldata attack) external {
        _attack = attack;
    }

    function released(bytes32, uint256 amount, bytes calldata, bytes calldata) external view returns (uint256) {
        (bool success,) = _VICTIM.staticcall{gas: 100_000}(_attack);
        return success ? 0 : amount;
    }
}
