// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PlainKey} from "../../../contracts/signatures/PlainKey.sol";

/// @notice The simplest wallet (ERC-1271): whatever hash its owner signed, though it names no wallet.
contract OwnedWallet {
    address private immutable _OWNER;

    constructor(address owner) {
        _OWNER = owner;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        return PlainKey.signerOf(hash, signature) == _OWNER ? this.isValidSignature.selector : bytes4(0xffffffff);
    }
}
