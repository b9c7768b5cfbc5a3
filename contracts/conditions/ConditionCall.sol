// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BoundedCall} from "./BoundedCall.sol";
import {ICondition} from "./ICondition.sol";

/// @notice Asks a condition without trusting it: bounded gas, 32 bytes copied, clipped to the amount.
library ConditionCall {
    uint256 internal constant GAS = 300_000;
    uint256 private constant SLACK = 30_000;

    /// @notice The transaction must bring this much gas to this point: with less, the condition might fail for want of gas.
    error NotEnoughGasForCondition(uint256 left, uint256 needed);

    function released(address condition, bytes32 subject, uint256 amount, bytes calldata data, bytes calldata proof)
        internal
        view
        returns (uint256 value)
    {
        bytes memory payload = abi.encodeCall(ICondition.released, (subject, amount, data, proof));
        uint256 needed = GAS * 64 / 63 + SLACK;
        require(gasleft() >= needed, NotEnoughGasForCondition(gasleft(), needed));
        value = BoundedCall.ask(condition, GAS, payload);
        if (value > amount) value = amount;
    }

    /// @notice As `released`, with the share of its gas that a condition gives one of its children.
    function releasedWithin(
        uint256 gasShare,
        address condition,
        bytes32 subject,
        uint256 amount,
        bytes calldata data,
        bytes calldata proof
    ) internal view returns (uint256 value) {
        value = BoundedCall.ask(
            condition, gasShare, abi.encodeCall(ICondition.released, (subject, amount, data, proof))
        );
        if (value > amount) value = amount;
    }
}
