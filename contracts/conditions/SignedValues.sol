// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {PlainKey} from "../signatures/PlainKey.sol";
import {EarnestDomain} from "../types/EarnestDomain.sol";
import {BoundedCall} from "./BoundedCall.sol";
import {ICondition} from "./ICondition.sol";
import {KthLargest} from "./KthLargest.sol";

/// @notice k of some listed signers each sign a value that counts until it expires: what k of them reach is agreed.
/// @dev list = k 8 | signers 160 each, strictly rising, at most 16
/// proof = index 8 | value 96 | expiry 48 | length 16 | signature, for each signer who is shown, in the list's order
abstract contract SignedValues is ICondition, EarnestDomain {
    using KthLargest for uint256[];

    uint256 private constant MAX_SIGNERS = 16;
    uint256 private constant ADDRESS_BYTES = 20;
    uint256 private constant HEADER_BYTES = 21;
    uint256 private constant ENTRY_GAS = 10_000;

    /// @param message the signed struct's encoding up to its last two members, which are value and expiry
    /// @param limit a value above it counts as none
    /// @return zero for a list or a proof of another form; an entry that is expired, or not signed so, counts as zero
    function _agreed(bytes memory message, uint256 limit, bytes calldata list, bytes calldata proof)
        internal
        view
        returns (uint256)
    {
        uint256 count = list.length / ADDRESS_BYTES;
        if (list.length % ADDRESS_BYTES != 1 || count > MAX_SIGNERS) return 0;
        // of what there is at the entry, for each signer alike: no wallet can starve another, nor the rest; reverts for none
        uint256 walletGas = Math.saturatingSub(gasleft() / count, ENTRY_GAS);
        uint256[] memory values = new uint256[](count);
        for (address last; proof.length != 0;) {
            uint256 index = uint8(proof[0]);
            uint256 value = uint96(bytes12(proof[1:13]));
            uint256 expiry = uint48(bytes6(proof[13:19]));
            uint256 end = HEADER_BYTES + uint16(bytes2(proof[19:HEADER_BYTES]));
            bytes calldata signature = proof[HEADER_BYTES:end];
            address signer = address(bytes20(list[1 + ADDRESS_BYTES * index:]));
            if (signer <= last) return 0;
            if (value <= limit && block.timestamp < expiry) {
                bytes32 digest = _hashTypedData(keccak256(bytes.concat(message, abi.encode(value, expiry))));
                if (_isSigned(digest, signer, signature, walletGas)) values[index] = value;
            }
            (last, proof) = (signer, proof[end:]);
        }
        return values.kthLargest(uint8(list[0]));
    }

    /// @dev A plain key first, whatever code stands there (EIP-7702), then a wallet's own word.
    function _isSigned(bytes32 digest, address signer, bytes calldata signature, uint256 walletGas)
        private
        view
        returns (bool)
    {
        if (PlainKey.signerOf(digest, signature) == signer) return true;
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        return bytes32(BoundedCall.ask(signer, walletGas, question)) == bytes32(IERC1271.isValidSignature.selector);
    }
}
