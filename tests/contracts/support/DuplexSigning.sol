// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {IPayouts} from "../../../contracts/interfaces/IPayouts.sol";
import {Signatures} from "../../../contracts/types/DuplexMessages.sol";
import {vm} from "./Vm.sol";

interface Duplexes is IDuplexChannels, IPayouts {}

/// @notice What the keys of a two-way channel sign: hashed from the type strings alone, by none of the contracts' own code.
abstract contract DuplexSigning {
    string internal constant STATE = "State(bytes32 channelId,uint32 epoch,uint64 version,int256 net,bytes32 promises)";
    string internal constant CHALLENGE = "Challenge(bytes32 channelId,uint32 epoch,uint64 version,uint48 deadline)";
    string internal constant CLOSE_TOGETHER =
        "CloseTogether(bytes32 channelId,uint32 epoch,int256 net,uint48 deadline)";
    string internal constant WITHDRAW_TOGETHER =
        "WithdrawTogether(bytes32 channelId,uint32 epoch,int256 net,uint96 toA,uint96 toB,uint48 deadline)";
    string internal constant PROMISE =
        "DuplexPromise(bool fromA,address condition,bytes32 dataHash,uint96 amount,uint48 expiry,bytes32 salt)";
    string internal constant PROMISES =
        "DuplexPromises(bytes32 leaves,uint96 totalFromA,uint96 totalFromB,uint48 lastExpiry)";
    uint256 internal constant KEY_A = 0xA11CE;
    uint256 internal constant KEY_B = 0xB0B;
    uint256 internal constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    Duplexes internal duplexes;

    function structHash(string memory kind, bytes memory words) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(bytes(kind)), words));
    }

    function separatorOf(uint256 chain, address contract_) internal pure returns (bytes32) {
        bytes32 domain = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        return keccak256(abi.encode(domain, keccak256("Earnest"), keccak256("1"), chain, contract_));
    }

    function typedData(bytes32 separator, bytes32 hash) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", separator, hash));
    }

    /// @param words the members of the message, each in a word of its own
    function digestOf(string memory kind, bytes memory words) internal view returns (bytes32) {
        return typedData(separatorOf(block.chainid, address(duplexes)), structHash(kind, words));
    }

    function sign(uint256 key, bytes32 digest) internal pure returns (bytes32 r, bytes32 vs) {
        uint8 v;
        bytes32 s;
        (v, r, s) = vm.sign(key, digest);
        vs = compact(v, uint256(s));
    }

    function compact(uint8 v, uint256 s) internal pure returns (bytes32) {
        return bytes32(s | uint256(v - 27) << 255);
    }

    function signBoth(bytes32 digest) internal pure returns (Signatures memory signatures) {
        (signatures.rA, signatures.vsA) = sign(KEY_A, digest);
        (signatures.rB, signatures.vsB) = sign(KEY_B, digest);
    }

    function signBoth(string memory kind, bytes memory words) internal view returns (Signatures memory) {
        return signBoth(digestOf(kind, words));
    }

    /// @return who signed, by the precompile alone: a high s counts here
    function recovered(bytes32 digest, bytes32 r, bytes32 vs) internal pure returns (address) {
        return ecrecover(digest, uint8(27 + (uint256(vs) >> 255)), r, vs << 1 >> 1);
    }

    /// @dev The lowest bit of one of the words.
    function flip(bytes memory words, uint256 word) internal pure returns (bytes memory flipped) {
        flipped = bytes.concat(words);
        flipped[32 * word + 31] ^= 0x01;
    }
}
