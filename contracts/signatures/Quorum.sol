// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignedBy} from "./SignedBy.sol";

/// @notice One member's signature, by the member's place in the list.
struct MemberSignature {
    uint256 index;
    bytes signature;
}

/// @notice k of n: whether enough members of a list signed.
library Quorum {
    /// @dev Indices rise strictly, so nobody counts twice. Only the first `threshold` are read: a wallet that burns gas, or
    /// changed its mind, harms nothing once enough others stand before it or it is left out.
    function isReached(
        bytes32 digest,
        MemberSignature[] calldata signatures,
        address[] memory members,
        uint256 threshold
    ) internal view returns (bool) {
        if (signatures.length < threshold) return false;
        uint256 lowest;
        for (uint256 i; i < threshold; ++i) {
            uint256 index = signatures[i].index;
            if (index < lowest || index >= members.length) return false;
            if (!SignedBy.isSignedBy(digest, members[index], signatures[i].signature)) return false;
            lowest = index + 1;
        }
        return true;
    }

    /// @param encoded abi.encode(MemberSignature[])
    /// @dev `abi.decode` would copy to memory, and wallets are asked from calldata. An offset may lead anywhere in the
    /// calldata: whatever stands there is checked as a signature like any other, and each access to it keeps to the calldata.
    function decode(bytes calldata encoded) internal pure returns (MemberSignature[] calldata signatures) {
        assembly ("memory-safe") {
            let list := add(encoded.offset, calldataload(encoded.offset))
            signatures.offset := add(list, 0x20)
            signatures.length := calldataload(list)
        }
    }
}
