// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Who pays whom, in what, signed by which key. It travels in calldata; its hash is the channel id.
struct Channel {
    address payer;
    address payee;
    address token; // the zero address is the native currency
    address signer; // the key that signs vouchers, always a plain key
    uint256 periods; // window 32 | promiseWindow 32 | salt 96, the salt in the low bits
}

library ChannelLib {
    uint256 private constant SIZE = 5 * 32;

    /// @dev Five static members: calldata already is their encoding. Dirty high bits make an id that nobody can open.
    function id(Channel calldata channel) internal pure returns (bytes32 channelId) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, channel, SIZE)
            channelId := keccak256(free, SIZE)
        }
    }

    /// @notice The same id from its members.
    function id(address payer, address payee, address token, address signer, uint256 periods)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(payer, payee, token, signer, periods));
    }

    /// @dev These read a word as it stands, unlike the compiler's own reading of a member, which checks its high bits: no
    /// lane is open under a dirty id, so past `open` the check can't fail.
    function payerOf(Channel calldata channel) internal pure returns (address payer) {
        assembly ("memory-safe") {
            payer := calldataload(channel)
        }
    }

    function payeeOf(Channel calldata channel) internal pure returns (address payee) {
        assembly ("memory-safe") {
            payee := calldataload(add(channel, 0x20))
        }
    }

    function tokenOf(Channel calldata channel) internal pure returns (address token) {
        assembly ("memory-safe") {
            token := calldataload(add(channel, 0x40))
        }
    }

    function signerOf(Channel calldata channel) internal pure returns (address signer) {
        assembly ("memory-safe") {
            signer := calldataload(add(channel, 0x60))
        }
    }

    /// @return seconds from requestClose to withdraw
    function window(Channel calldata channel) internal pure returns (uint256) {
        return channel.periods >> 128;
    }

    /// @return the longest that promises may hold money beyond a close, in seconds
    function promiseWindow(Channel calldata channel) internal pure returns (uint256) {
        return uint32(channel.periods >> 96);
    }
}
