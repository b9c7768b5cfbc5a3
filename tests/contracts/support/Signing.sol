// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Amendment} from "../../../contracts/types/Amendment.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {EscrowTest} from "./EscrowTest.sol";
import {vm} from "./Vm.sol";

/// @notice What the parties of an escrow sign: hashed from the type strings alone, by none of the contracts' own code.
abstract contract Signing is EscrowTest {
    string internal constant TERMS =
        "Terms(address payer,address payee,address token,uint96 amount,address operator,address arbiter,address condition,bytes32 conditionHash,uint48 fundBy,uint48 captureFrom,uint48 authorizationExpiry,uint48 refundExpiry,uint32 rulingPeriod,uint16 payeeShareOnExpiryBps,uint16 payeeShareOnSilenceBps,uint16 feeBps,uint8 flags,address feeRecipient,uint96 salt)";
    string internal constant AMEND =
        "Amend(bytes32 fromId,uint96 held,uint96 paidIn,uint96 paidOut,Terms to,uint48 deadline)";
    string internal constant RELEASE = "Release(bytes32 paymentId,uint96 heldAfter,uint48 deadline)";
    string internal constant VOID = "Void(bytes32 paymentId,uint96 heldAfter,uint48 deadline)";
    string internal constant DISPUTE = "Dispute(bytes32 paymentId,bytes32 evidence,uint48 deadline)";
    string internal constant RULING = "Ruling(bytes32 paymentId,uint48 disputedAt,uint16 payeeBps)";
    string internal constant SETTLE = "Settle(bytes32 paymentId,uint96 toPayer,uint48 deadline)";

    function kindOf(string memory type_) internal pure returns (bytes32) {
        return keccak256(bytes(type_));
    }

    function domainOf(uint256 chain, address contract_) internal pure returns (bytes32) {
        bytes32 domain = kindOf("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        return keccak256(abi.encode(domain, keccak256("Earnest"), keccak256("1"), chain, contract_));
    }

    function typedData(bytes32 domain, bytes32 structHash) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function digestOf(bytes32 structHash) internal view returns (bytes32) {
        return typedData(domainOf(block.chainid, address(escrow)), structHash);
    }

    function termsHash(Terms memory agreed) internal pure returns (bytes32) {
        return keccak256(bytes.concat(kindOf(TERMS), abi.encode(agreed)));
    }

    function authorizeHash() internal view returns (bytes32) {
        return keccak256(abi.encode(kindOf(string.concat("Authorize(Terms terms)", TERMS)), termsHash(terms)));
    }

    /// @dev Of one of the five kinds that are an id and two words.
    function consentHash(string memory kind, uint256 second, uint256 third) internal view returns (bytes32) {
        return keccak256(abi.encode(kindOf(kind), id(), second, third));
    }

    function consent(string memory kind, uint256 second, uint256 third) internal view returns (bytes32) {
        return digestOf(consentHash(kind, second, third));
    }

    function amendDigest(bytes32 fromId, Terms memory to, Amendment memory amendment) internal view returns (bytes32) {
        bytes memory first = abi.encode(kindOf(string.concat(AMEND, TERMS)), fromId, amendment.held, amendment.paidIn);
        return
            digestOf(keccak256(bytes.concat(first, abi.encode(amendment.paidOut, termsHash(to), amendment.deadline))));
    }

    function sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev By the party's key; a party that is a contract signs as a wallet.
    function signedBy(address party, bytes32 digest) internal view returns (bytes memory) {
        if (party.code.length != 0) return "";
        if (party == vm.addr(PAYER_KEY)) return sign(PAYER_KEY, digest);
        if (party == vm.addr(PAYEE_KEY)) return sign(PAYEE_KEY, digest);
        vm.assertEq(party, vm.addr(ARBITER_KEY), "a party without a key");
        return sign(ARBITER_KEY, digest);
    }
}
