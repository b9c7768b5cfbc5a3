// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC1271} from "solady/src/accounts/ERC1271.sol";
import {LibClone} from "solady/src/utils/LibClone.sol";
import {MemberSignature, Quorum} from "../signatures/Quorum.sol";
import {EarnestDomain} from "../types/EarnestDomain.sol";

/// @notice k of n members speak with one voice, off chain: a wallet (ERC-1271) that holds nothing and executes nothing.
/// @dev A member signs ERC-7739's `TypedDataSign`, which names the panel: its signature counts in no
/// other panel that it sits in. The list stands in the clone's code, put there by ArbiterPanels, and never changes.
contract ArbiterPanel is ERC1271, EarnestDomain {
    uint256 private constant APPENDED_BYTES = 66;

    /// @return list strictly rising
    /// @return threshold how many of them decide
    function members() public view returns (address[] memory list, uint256 threshold) {
        return abi.decode(LibClone.argsOnClone(address(this)), (address[], uint256));
    }

    /// @dev Nothing but `TypedDataSign`. The two short cuts of the library take signatures over the bare hash: for a caller
    /// that it trusts, which would let one signature count in two panels, and in a simulation, which would promise a client
    /// what the chain then refuses. And `PersonalSign` would let a member rule by what looks like signing in: its text may be
    /// the bytes of a ruling.
    function _erc1271IsValidSignature(bytes32 hash, bytes calldata signature) internal view override returns (bool) {
        return _isTypedDataSign(hash, signature) && _erc1271IsValidSignatureViaNestedEIP712(hash, signature);
    }

    /// @dev signature = inner | the asking domain's separator 256 | contents 256 | description | its length 16
    function _isTypedDataSign(bytes32 hash, bytes calldata signature) private pure returns (bool) {
        if (signature.length < APPENDED_BYTES) return false;
        uint256 description = uint16(bytes2(signature[signature.length - 2:]));
        uint256 appended = APPENDED_BYTES + description;
        if (description == 0 || signature.length < appended) return false;
        uint256 start = signature.length - appended;
        return keccak256(bytes.concat(hex"1901", signature[start:start + 64])) == hash;
    }

    /// @dev A panel is made in one call by anybody, so nobody needs a signature that carries its creation (ERC-6492).
    function _erc1271UnwrapSignature(bytes calldata signature) internal pure override returns (bytes calldata) {
        return signature;
    }

    /// @param signature abi.encode(MemberSignature[])
    function _erc1271IsValidSignatureNowCalldata(bytes32 hash, bytes calldata signature)
        internal
        view
        override
        returns (bool)
    {
        (address[] memory list, uint256 threshold) = members();
        MemberSignature[] calldata signatures = Quorum.decode(signature);
        return Quorum.isReached(hash, signatures, list, threshold);
    }

    /// @dev The library asks this for wallets of one key only.
    function _erc1271Signer() internal pure override returns (address) {
        return address(0);
    }
}
