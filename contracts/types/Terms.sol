// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The agreement. It travels in calldata; its EIP-712 digest is the payment id and the only thing stored of it.
/// @dev Times are Unix seconds, passed at the second itself. Shares and fee are hundredths of a percent.
struct Terms {
    address payer;
    address payee;
    address token; // the zero address is the native currency
    uint96 amount;
    address operator;
    address arbiter;
    address condition;
    bytes32 conditionHash; // keccak256 of the condition's data
    uint48 fundBy;
    uint48 captureFrom;
    uint48 authorizationExpiry;
    uint48 refundExpiry;
    uint32 rulingPeriod;
    uint16 payeeShareOnExpiryBps;
    uint16 payeeShareOnSilenceBps;
    uint16 feeBps;
    uint8 flags;
    address feeRecipient;
    uint96 salt;
}

uint8 constant PAYER_MAY_DISPUTE = 1;
uint8 constant PAYEE_MAY_DISPUTE = 2;
uint8 constant DISPUTE_FREEZES_RESOLVE = 4;
uint8 constant ALL_FLAGS = 7;
uint256 constant ALL_BPS = 10_000;

string constant TERMS_TYPE =
    "Terms(address payer,address payee,address token,uint96 amount,address operator,address arbiter,address condition,bytes32 conditionHash,uint48 fundBy,uint48 captureFrom,uint48 authorizationExpiry,uint48 refundExpiry,uint32 rulingPeriod,uint16 payeeShareOnExpiryBps,uint16 payeeShareOnSilenceBps,uint16 feeBps,uint8 flags,address feeRecipient,uint96 salt)";

library TermsLib {
    /// @dev The literal again, because the compiler computes a literal's hash only, and every verb needs this one.
    bytes32 internal constant TYPEHASH = keccak256(
        "Terms(address payer,address payee,address token,uint96 amount,address operator,address arbiter,address condition,bytes32 conditionHash,uint48 fundBy,uint48 captureFrom,uint48 authorizationExpiry,uint48 refundExpiry,uint32 rulingPeriod,uint16 payeeShareOnExpiryBps,uint16 payeeShareOnSilenceBps,uint16 feeBps,uint8 flags,address feeRecipient,uint96 salt)"
    );
    bytes32 private constant AUTHORIZE_TYPEHASH = keccak256(abi.encodePacked("Authorize(Terms terms)", TERMS_TYPE));
    uint256 private constant SIZE = 19 * 32;

    /// @dev Nineteen static members: calldata already is EIP-712's encoding, so it is copied as it stands. A word with dirty
    /// high bits makes an id of its own, which can't be funded.
    function hash(Terms calldata terms) internal pure returns (bytes32 structHash) {
        bytes32 typehash = TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typehash)
            calldatacopy(add(free, 0x20), terms, SIZE)
            structHash := keccak256(free, add(SIZE, 0x20))
        }
    }

    /// @dev Members stand in memory as in calldata. One look at all the high bits costs a fifth of a check for each member.
    /// @return copy with every member within its type
    /// @return clean false where a word has dirty high bits: its id could be funded, but the verb that reads it would revert
    function toMemory(Terms calldata terms) internal pure returns (Terms memory copy, bool clean) {
        assembly ("memory-safe") {
            calldatacopy(copy, terms, SIZE)
            let word160 :=
                or(or(mload(copy), mload(add(copy, 0x20))), or(mload(add(copy, 0x40)), mload(add(copy, 0x80))))
            word160 := or(word160, or(mload(add(copy, 0xa0)), or(mload(add(copy, 0xc0)), mload(add(copy, 0x220)))))
            let word96 := or(mload(add(copy, 0x60)), mload(add(copy, 0x240)))
            let word48 := or(or(mload(add(copy, 0x100)), mload(add(copy, 0x120))), mload(add(copy, 0x140)))
            word48 := or(word48, mload(add(copy, 0x160)))
            let word16 := or(or(mload(add(copy, 0x1a0)), mload(add(copy, 0x1c0))), mload(add(copy, 0x1e0)))
            let dirt := or(or(shr(160, word160), shr(96, word96)), or(shr(48, word48), shr(16, word16)))
            dirt := or(dirt, or(shr(32, mload(add(copy, 0x180))), shr(8, mload(add(copy, 0x200)))))
            clean := iszero(dirt)
        }
    }

    /// @notice The struct hash of Authorize(Terms terms), a type of its own: a bare signature over Terms does nothing.
    function authorizeHash(bytes32 termsHash) internal pure returns (bytes32) {
        return keccak256(abi.encode(AUTHORIZE_TYPEHASH, termsHash));
    }
}
