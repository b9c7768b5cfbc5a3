// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "solady/src/utils/ECDSA.sol";

/// @notice What a plain key signed: `ecrecover` alone decides, whatever code stands at the signer. A checker that looks for
/// code first would let a key that delegates (EIP-7702) kill its own signatures after it was served.
library PlainKey {
    /// @param vs EIP-2098: the parity of y over s
    /// @return the signer, or zero where there is none: a high s, which anybody can make of a low one, is no signature
    function signerOf(bytes32 digest, bytes32 r, bytes32 vs) internal view returns (address) {
        if (uint256(vs << 1) >> 1 > ECDSA.N / 2) return address(0);
        return ECDSA.tryRecover(digest, r, vs);
    }

    /// @param signature r, s, v (65 bytes, v 27 or 28) or r, vs (64 bytes, EIP-2098); any other form is no signature
    function signerOf(bytes32 digest, bytes calldata signature) internal view returns (address) {
        if (signature.length != 64 && signature.length != 65) return address(0);
        (bytes32 r, bytes32 vs) = (bytes32(signature[:32]), bytes32(signature[32:64]));
        if (signature.length == 65) {
            uint8 v = uint8(signature[64]);
            if (uint256(vs) >> 255 != 0 || (v != 27 && v != 28)) return address(0);
            vs |= bytes32(uint256(v - 27) << 255);
        }
        return signerOf(digest, r, vs);
    }
}
