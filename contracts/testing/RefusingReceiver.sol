// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice For tests: a party that is a contract. It takes no native currency while it refuses, whoever sends it.
contract RefusingReceiver {
    bool public refusing = true;

    error Refusing();

    receive() external payable {
        require(!refusing, Refusing());
    }

    function refuse(bool refusing_) external {
        refusing = refusing_;
    }

    /// @notice Anyone lets it act; a failure is passed on as it came.
    function act(address to, uint256 value, bytes calldata data) external {
        (bool success, bytes memory answer) = to.call{value: value}(data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }
}
