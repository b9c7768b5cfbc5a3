// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../interfaces/IVoucherChannels.sol";
import {VoucherLib} from "../../types/Voucher.sol";

/// @notice The loop of claimMany, by hand: a row costs its signature, its slot, its log and about 500 gas.
/// @dev VoucherChannels.claim says the same in plain words, and a test runs both against each other.
library BatchClaims {
    uint256 private constant AMOUNT = 0xffffffffffffffffffffffff;
    uint256 private constant EPOCH = 0x7fffffff;
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// @dev Memory. The frame, written once where all rows share it:
    ///   0x000 the channel: payer, payee, token, signer, periods
    ///   0x0a0 the voucher: type hash, channel id, epoch, cumulative amount, no promises
    ///   0x140 the digest: 0x1901 in the last two bytes, separator, voucher's hash
    /// The first four words of memory are ecrecover's input, and are put back afterwards.
    /// @return total what the rows add to the payee's payout; a row that can't be paid, or was paid already, adds nothing
    function settle(IVoucherChannels.Batch calldata batch, bytes32 separator) internal returns (uint256 total) {
        IVoucherChannels.Claim[] calldata claims = batch.claims;
        address payee = batch.payee;
        address token = batch.token;
        uint256 windows = batch.windows;
        bytes32 typehash = VoucherLib.TYPEHASH;
        assembly ("memory-safe") {
            let frame := mload(0x40)
            mstore(add(frame, 0x020), payee)
            mstore(add(frame, 0x040), token)
            mstore(add(frame, 0x0a0), typehash)
            mstore(add(frame, 0x120), 0)
            mstore(add(frame, 0x140), 0x1901)
            mstore(add(frame, 0x160), separator)
            windows := shl(96, windows)

            let end := add(claims.offset, shl(7, claims.length))
            for { let row := claims.offset } lt(row, end) { row := add(row, 0x80) } {
                let cumulative := calldataload(row)
                let payer := shr(96, cumulative)
                cumulative := and(cumulative, AMOUNT)
                let salt := calldataload(add(row, 0x20))
                let signer := shr(96, salt)
                if iszero(signer) { signer := payer }
                mstore(frame, payer)
                mstore(add(frame, 0x060), signer)
                mstore(add(frame, 0x080), or(windows, and(salt, AMOUNT)))
                let id := keccak256(frame, 0xa0)

                let lane := sload(id)
                let covered := and(lane, AMOUNT)
                if lt(cumulative, covered) { covered := cumulative }
                let settled := and(shr(96, lane), AMOUNT)
                let closesAt := and(shr(192, lane), 0xffffffff)
                let s := calldataload(add(row, 0x60))
                mstore(0x20, add(shr(255, s), 27))
                s := shr(1, shl(1, s))
                // nothing new, or the window is over (a lane that isn't closing has closesAt = 0), or a high s
                if or(or(iszero(gt(covered, settled)), lt(sub(closesAt, 1), timestamp())), gt(s, HALF_ORDER)) {
                    continue
                }

                mstore(add(frame, 0x0c0), id)
                mstore(add(frame, 0x0e0), and(shr(224, lane), EPOCH))
                mstore(add(frame, 0x100), cumulative)
                mstore(add(frame, 0x180), keccak256(add(frame, 0x0a0), 0xa0))
                mstore(0, keccak256(add(frame, 0x15e), 0x42))
                mstore(0x40, calldataload(add(row, 0x40)))
                mstore(0x60, s)
                // where there is no signature there is no answer: the digest stays in its word and equals no address
                pop(staticcall(gas(), 1, 0, 0x80, 0, 0x20))
                if xor(mload(0), signer) { continue }

                covered := sub(covered, settled)
                total := add(total, covered)
                lane := add(lane, shl(96, covered))
                sstore(id, lane)
                mstore(0, lane)
                log1(0, 0x20, id)
            }
            mstore(0x40, frame)
            mstore(0x60, 0)
        }
    }
}
