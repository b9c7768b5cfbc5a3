// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignedFunding} from "../money/SignedFunding.sol";
import {ChannelFunding, DepositAuthorization} from "../types/ChannelFunding.sol";
import {EarnestDomain} from "../types/EarnestDomain.sol";
import {Deadline} from "./Deadline.sol";

/// @notice How a deposit comes in by a signature: bound to the kind of deposit, the channel and its present epoch.
abstract contract Deposits is EarnestDomain, SignedFunding {
    /// @notice An allowance says nothing about a channel, so nobody may use another's.
    error AllowanceIsNoAuthorization();

    /// @dev The caller holds the guard. The signature covers token, payer, amount and this contract by itself.
    /// @param funding the struct hash of what the deposit is for
    function _takeFor(
        bytes32 funding,
        address token,
        address from,
        uint256 amount,
        DepositAuthorization calldata authorization
    ) internal {
        (Method method, uint256 before) = (authorization.method, authorization.before);
        require(method != Method.ALLOWANCE, AllowanceIsNoAuthorization());
        Deadline.requireAhead(before); // at that second Permit2 would still take it
        uint256 balance = _balanceBefore(token);
        if (method == Method.ERC3009) {
            _receive(token, from, amount, _hashTypedData(funding), before, authorization.signature);
        } else {
            _permit(token, from, amount, funding, ChannelFunding.WITNESS_TYPE, before, authorization.signature);
        }
        _requireReceived(token, balance, amount);
    }
}
