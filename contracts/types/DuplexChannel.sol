// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Two parties who pay each other, in what, signed by which keys. It travels in calldata; its hash is the channel id.
struct DuplexChannel {
    address partyA;
    address partyB;
    address token; // the zero address is the native currency
    address signerA; // the keys that sign states, always plain keys
    address signerB;
    uint256 periods; // window 32 | promiseWindow 32 | salt 96, the salt in the low bits
}

library DuplexChannelLib {
    uint256 private constant SIZE = 6 * 32;

    /// @dev Six static members: calldata already is their encoding. Dirty high bits make an id that nobody can open.
    function id(DuplexChannel calldata channel) internal pure returns (bytes32 channelId) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, channel, SIZE)
            channelId := keccak256(free, SIZE)
        }
    }

    /// @dev These read a word as it stands, unlike the compiler's own reading of a member, which checks its high bits: nothing is
    /// open under a dirty id, so past the first deposit the check can't fail.
    function partyAOf(DuplexChannel calldata channel) internal pure returns (address) {
        return _at(channel, 0);
    }

    function partyBOf(DuplexChannel calldata channel) internal pure returns (address) {
        return _at(channel, 0x20);
    }

    function tokenOf(DuplexChannel calldata channel) internal pure returns (address) {
        return _at(channel, 0x40);
    }

    function signerAOf(DuplexChannel calldata channel) internal pure returns (address) {
        return _at(channel, 0x60);
    }

    function signerBOf(DuplexChannel calldata channel) internal pure returns (address) {
        return _at(channel, 0x80);
    }

    /// @return seconds from a challenge to its payout
    function window(DuplexChannel calldata channel) internal pure returns (uint256) {
        return channel.periods >> 128;
    }

    /// @return the longest that promises may hold money beyond a challenge's deadline, in seconds
    function promiseWindow(DuplexChannel calldata channel) internal pure returns (uint256) {
        return uint32(channel.periods >> 96);
    }

    function _at(DuplexChannel calldata channel, uint256 offset) private pure returns (address member) {
        assembly ("memory-safe") {
            member := calldataload(add(channel, offset))
        }
    }
}
