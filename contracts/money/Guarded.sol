// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "solady/src/utils/ReentrancyGuardTransient.sol";

/// @notice The reentrancy guard, in transient storage on every chain: cancun is what these contracts need anyway.
abstract contract Guarded is ReentrancyGuardTransient {
    function _useTransientReentrancyGuardOnlyOnMainnet() internal pure override returns (bool) {
        return false;
    }
}
