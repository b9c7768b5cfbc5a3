// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ConditionCase} from "./ConditionCase.sol";
import {vm} from "../support/Vm.sol";

/// @notice Three keys, rising by address, and what they sign.
abstract contract SigningCase is ConditionCase {
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    uint48 internal constant LATER = uint48(NOW + 1);

    uint256[3] internal keys;
    address[] internal signers;

    function chooseKeys() internal {
        uint256 found;
        for (uint256 key = 1; found < 3; ++key) {
            if (found != 0 && vm.addr(key) <= signers[found - 1]) continue;
            keys[found++] = key;
            signers.push(vm.addr(key));
        }
    }

    function list(uint8 k) internal view returns (bytes memory packed) {
        packed = abi.encodePacked(k);
        for (uint256 i; i < signers.length; ++i) {
            packed = abi.encodePacked(packed, signers[i]);
        }
    }

    function digest(bytes32 signed) internal view returns (bytes32) {
        bytes32 domain =
            keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256("Earnest"), keccak256("1"), block.chainid, condition));
        return keccak256(abi.encodePacked(hex"1901", domain, signed));
    }

    /// @dev What this condition has its signers sign.
    function structHash(bytes32 subject, uint96 value, uint48 expiry) internal view virtual returns (bytes32);

    function signature(uint256 index, bytes32 subject, uint96 value, uint48 expiry)
        internal
        view
        returns (bytes memory)
    {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[index], digest(structHash(subject, value, expiry)));
        return abi.encodePacked(r, s, v);
    }

    function entry(uint256 index, uint96 value, uint48 expiry, bytes memory signed)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(uint8(index), value, expiry, uint16(signed.length), signed);
    }

    function said(uint256 index, uint96 value) internal view returns (bytes memory) {
        return entry(index, value, LATER, signature(index, SUBJECT, value, LATER));
    }
}
