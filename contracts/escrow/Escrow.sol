// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Amendments} from "./Amendments.sol";
import {Captures} from "./Captures.sol";
import {Disputes} from "./Disputes.sol";

/// @notice One instance for all payments, tokens and the native currency. No owner, no upgrade.
contract Escrow is Amendments, Captures, Disputes {}
