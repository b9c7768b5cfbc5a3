// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneEnds} from "./lanes/LaneEnds.sol";
import {LaneFunding} from "./lanes/LaneFunding.sol";

/// @notice One instance for all one-way channels. No owner, no upgrade.
contract VoucherChannels is LaneFunding, LaneEnds {}
