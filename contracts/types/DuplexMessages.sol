// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What both parties signed: A owes B `net`, which is negative where B owes A.
struct State {
    uint32 epoch;
    uint64 version;
    int256 net;
    bytes32 promises; // the hash of DuplexPromises, or zero for none
}

/// @notice Both end the epoch at `net`, before the second `deadline`.
struct CloseTogether {
    uint32 epoch;
    int256 net;
    uint48 deadline;
}

/// @notice Both fold `net` into the deposits and take `toA` and `toB` out, before the second `deadline`.
struct WithdrawTogether {
    uint32 epoch;
    int256 net;
    uint96 toA;
    uint96 toB;
    uint48 deadline;
}

/// @notice Both keys' signatures (EIP-2098: vs is the parity of y over s). A party that calls itself may leave its own zero.
struct Signatures {
    bytes32 rA;
    bytes32 vsA;
    bytes32 rB;
    bytes32 vsB;
}

/// @notice The struct hashes of all that the keys of a two-way channel sign.
library DuplexMessages {
    bytes32 private constant STATE =
        keccak256("State(bytes32 channelId,uint32 epoch,uint64 version,int256 net,bytes32 promises)");
    bytes32 private constant CHALLENGE =
        keccak256("Challenge(bytes32 channelId,uint32 epoch,uint64 version,uint48 deadline)");
    bytes32 private constant CLOSE_TOGETHER =
        keccak256("CloseTogether(bytes32 channelId,uint32 epoch,int256 net,uint48 deadline)");
    bytes32 private constant WITHDRAW_TOGETHER =
        keccak256("WithdrawTogether(bytes32 channelId,uint32 epoch,int256 net,uint96 toA,uint96 toB,uint48 deadline)");

    function stateHash(bytes32 channelId, State calldata state) internal pure returns (bytes32) {
        uint256 members;
        assembly ("memory-safe") {
            members := state
        }
        return _hash(STATE, channelId, members, 4);
    }

    function challengeHash(bytes32 channelId, uint256 epoch, uint256 version, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(CHALLENGE, channelId, epoch, version, deadline));
    }

    function closeHash(bytes32 channelId, CloseTogether calldata end) internal pure returns (bytes32) {
        uint256 members;
        assembly ("memory-safe") {
            members := end
        }
        return _hash(CLOSE_TOGETHER, channelId, members, 3);
    }

    function withdrawHash(bytes32 channelId, WithdrawTogether calldata end) internal pure returns (bytes32) {
        uint256 members;
        assembly ("memory-safe") {
            members := end
        }
        return _hash(WITHDRAW_TOGETHER, channelId, members, 5);
    }

    /// @dev Static members in the type's own order: calldata already is their encoding.
    function _hash(bytes32 typehash, bytes32 channelId, uint256 members, uint256 words)
        private
        pure
        returns (bytes32 hash)
    {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typehash)
            mstore(add(free, 0x20), channelId)
            calldatacopy(add(free, 0x40), members, shl(5, words))
            hash := keccak256(free, add(0x40, shl(5, words)))
        }
    }
}
