// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DuplexFunding} from "./duplex/DuplexFunding.sol";
import {Fights} from "./duplex/Fights.sol";
import {Together} from "./duplex/Together.sol";

/// @notice One instance for all two-way channels. No owner, no upgrade.
contract DuplexChannels is DuplexFunding, Fights, Together {}
