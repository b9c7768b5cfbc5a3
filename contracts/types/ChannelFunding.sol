// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFunding} from "../interfaces/IFunding.sol";

/// @notice A party's word, without a call of its own, that its deposit may be taken: by ERC-3009 or by Permit2.
struct DepositAuthorization {
    IFunding.Method method;
    uint96 salt; // sets it apart from others for the same epoch
    uint48 before; // the second at which it has passed
    bytes signature; // ERC-3009: the signature. Permit2: its nonce in 32 bytes, then the signature
}

/// @notice What such an authorization is for: its digest is the ERC-3009 nonce, its struct hash Permit2's witness.
library ChannelFunding {
    uint256 internal constant OPEN = 1;
    uint256 internal constant TOP_UP = 2;
    uint256 internal constant DEPOSIT = 3; // into a two-way channel
    bytes32 private constant TYPEHASH = keccak256("Funding(uint8 kind,bytes32 channelId,uint32 epoch,uint96 salt)");
    /// @dev Permit2 appends it to its own type, whose members come before.
    string internal constant WITNESS_TYPE =
        "Funding witness)Funding(uint8 kind,bytes32 channelId,uint32 epoch,uint96 salt)TokenPermissions(address token,uint256 amount)";

    function hash(uint256 kind, bytes32 channelId, uint256 epoch, uint256 salt) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, kind, channelId, epoch, salt));
    }
}
