// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignatureCheckerLib} from "solady/src/utils/SignatureCheckerLib.sol";
import {PlainKey} from "./PlainKey.sol";

/// @notice Whether a party signed: a plain key first, whatever code stands there (EIP-7702), then a wallet's own word (ERC-1271).
library SignedBy {
    /// @dev The zero address signs nothing. A wallet is asked by staticcall; no code or a short answer is no.
    function isSignedBy(bytes32 digest, address signer, bytes calldata signature) internal view returns (bool) {
        if (signer == address(0)) return false;
        return PlainKey.signerOf(digest, signature) == signer
            || SignatureCheckerLib.isValidERC1271SignatureNowCalldata(signer, digest, signature);
    }
}
