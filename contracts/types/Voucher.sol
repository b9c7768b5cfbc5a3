// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The payer's signed word: in this epoch of the channel the payee may have up to `cumulativeAmount` in all.
library VoucherLib {
    bytes32 internal constant TYPEHASH =
        keccak256("Voucher(bytes32 channelId,uint32 epoch,uint96 cumulativeAmount,bytes32 promises)");

    bytes32 internal constant NO_PROMISES = 0;

    /// @dev What the payer signs, by EIP-712.
    function digest(bytes32 separator, bytes32 channelId, uint256 epoch, uint256 cumulativeAmount, bytes32 promises)
        internal
        pure
        returns (bytes32 hash)
    {
        bytes32 typehash = TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typehash)
            mstore(add(free, 0x20), channelId)
            mstore(add(free, 0x40), epoch)
            mstore(add(free, 0x60), cumulativeAmount)
            mstore(add(free, 0x80), promises)
            let structHash := keccak256(free, 0xa0)
            mstore(free, 0x1901)
            mstore(add(free, 0x20), separator)
            mstore(add(free, 0x40), structHash)
            hash := keccak256(add(free, 0x1e), 0x42)
        }
    }
}
