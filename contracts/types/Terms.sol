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

library TermsLib {
    bytes32 internal constant TYPEHASH = keccak256(
        "Terms(address payer,address payee,address token,uint96 amount,address operator,address arbiter,address condition,bytes32 conditionHash,uint48 fundBy,uint48 captureFrom,uint48 authorizationExpiry,uint48 refundExpiry,uint32 rulingPeriod,uint16 payeeShareOnExpiryBps,uint16 payeeShareOnSilenceBps,uint16 feeBps,uint8 flags,address feeRecipient,uint96 salt)"
    );
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
}
