// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMoved, MoodyToken} from "./MoodyToken.sol";

/// @notice A receiver in league with the token: once it is paid, the token answers again, and moves nothing more.
contract Spoiler is IMoved {
    MoodyToken private immutable _TOKEN;

    constructor(MoodyToken token) {
        _TOKEN = token;
    }

    function moved() external {
        _TOKEN.silence(false, false);
        _TOKEN.be(MoodyToken.Mood.FALSE_UNMOVED);
    }
}
