// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PlainKey} from "../../../contracts/signatures/PlainKey.sol";
import {SignedBy} from "../../../contracts/signatures/SignedBy.sol";
import {vm} from "../support/Vm.sol";

/// @notice One key, one digest, and the libraries behind calls of their own: they read calldata.
abstract contract SignatureCase {
    uint256 internal constant KEY = 0xA11CE;
    bytes32 internal constant DIGEST = keccak256("what is signed");
    bytes32 internal constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    address internal constant NOBODY = address(0);

    address internal signer = vm.addr(KEY);

    function signerOf(bytes32 digest, bytes calldata signature) external view returns (address) {
        return PlainKey.signerOf(digest, signature);
    }

    function isSignedBy(bytes32 digest, address who, bytes calldata signature) external view returns (bool) {
        return SignedBy.isSignedBy(digest, who, signature);
    }

    function signed(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function compact(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s | bytes32(uint256(v - 27) << 255));
    }

    /// @dev The other signature that anybody can make of a signature: s becomes the order minus s.
    function malleable(bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, digest);
        return abi.encodePacked(r, uint256(ORDER) - uint256(s), v == 27 ? 28 : 27);
    }

    function withV(uint8 v) internal pure returns (bytes memory signature) {
        signature = signed(KEY, DIGEST);
        signature[64] = bytes1(v);
    }

    function ofLength(uint256 length) internal pure returns (bytes memory cut) {
        bytes memory whole = signed(KEY, DIGEST);
        cut = new bytes(length);
        for (uint256 i; i < length && i < whole.length; ++i) {
            cut[i] = whole[i];
        }
    }
}
