// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMoved, MoodyToken} from "./MoodyToken.sol";

/// @notice A receiver that sends one unit back to the payer of it while it is paid.
contract Donor is IMoved {
    MoodyToken private immutable _TOKEN;
    address private immutable _BACK;
    bool private _done;

    constructor(MoodyToken token, address back) {
        (_TOKEN, _BACK) = (token, back);
    }

    function moved() external {
        if (_done) return;
        _done = true;
        _TOKEN.transfer(_BACK, 1);
    }
}
