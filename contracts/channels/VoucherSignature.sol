// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "solady/src/utils/ECDSA.sol";

/// @notice Vouchers are signed by plain keys: `ecrecover` alone decides, whatever code stands at the signer. A checker that
/// looks for code first would let a key that delegates (EIP-7702) kill its own vouchers after it was served.
library VoucherSignature {
    /// @param vs EIP-2098: the parity of y over s
    /// @return the signer, or zero where there is none: a high s, which anybody can make of a low one, is no signature
    function signerOf(bytes32 digest, bytes32 r, bytes32 vs) internal view returns (address) {
        if (uint256(vs << 1) >> 1 > ECDSA.N / 2) return address(0);
        return ECDSA.tryRecover(digest, r, vs);
    }
}
