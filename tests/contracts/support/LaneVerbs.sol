// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {Promise} from "../../../contracts/types/Promise.sol";
import {PromiseCase} from "./PromiseCase.sol";
import {vm} from "./Vm.sol";

/// @notice The ways in which a lane pays, told apart only by a number: for tables over all of them.
abstract contract LaneVerbs is PromiseCase {
    enum Verb {
        CLAIM,
        CLAIM_MANY,
        CLOSE,
        WITHDRAW,
        CLAIM_PROMISED,
        CLAIM_RESERVED,
        CLAIM_MOVED,
        CLOSE_BY_SIG,
        WITHDRAW_KEEPING,
        SWEEP
    }

    uint256 internal constant VERBS = 10;
    /// @dev What the payee is due, by a plain voucher or by a promise.
    uint96 internal constant TAKE = 300;
    uint48 internal constant LATEST = uint48(UNTIL + 1);

    /// @dev Where the verb is legal, with nothing paid of what it pays.
    function ready(Verb verb) internal {
        open(DEPOSIT);
        if (verb <= Verb.CLOSE) return;
        if (verb == Verb.CLAIM_PROMISED || verb == Verb.CLOSE_BY_SIG) return record(0, promised(), TAKE);
        requestClose();
        if (verb != Verb.WITHDRAW) {
            claimPromised(voucherOf(0, 0, promised()));
            record(0, promised(), TAKE);
        }
        vm.warp(CLOSES_AT);
        if (verb == Verb.CLAIM_MOVED || verb == Verb.SWEEP) channels.withdraw(channel);
        if (verb == Verb.SWEEP) vm.warp(UNTIL);
    }

    /// @dev Who needs no right to call is a stranger.
    function callOf(Verb verb) internal view returns (address caller, bytes memory data) {
        if (verb == Verb.CLOSE) return (payee, closing());
        if (verb == Verb.CLAIM) return (stranger, claiming());
        if (verb == Verb.CLAIM_MANY) return (stranger, abi.encodeCall(channels.claimMany, (row())));
        if (verb == Verb.CLOSE_BY_SIG) return (stranger, closingBySig());
        if (verb == Verb.WITHDRAW || verb == Verb.WITHDRAW_KEEPING) {
            return (stranger, abi.encodeCall(channels.withdraw, (channel)));
        }
        if (verb == Verb.SWEEP) return (stranger, abi.encodeCall(channels.sweep, (channel, 0)));
        return (stranger, abi.encodeCall(channels.claimPromised, (channel, voucherOf(0, 0, promised()))));
    }

    function run(Verb verb) internal returns (uint256 gasUsed) {
        (address caller, bytes memory data) = callOf(verb);
        gasUsed = gasleft();
        vm.prank(caller);
        (bool success,) = address(channels).call(data);
        gasUsed -= gasleft();
        vm.assertTrue(success, "the verb went through");
    }

    /// @dev What each party gets of it, in hand or as a credit.
    function due(Verb verb) internal pure returns (uint256 toPayee, uint256 toPayer) {
        if (verb == Verb.WITHDRAW) return (0, DEPOSIT);
        if (verb == Verb.WITHDRAW_KEEPING) return (0, DEPOSIT - TAKE);
        if (verb == Verb.SWEEP) return (0, TAKE);
        return (TAKE, verb == Verb.CLOSE || verb == Verb.CLOSE_BY_SIG ? DEPOSIT - TAKE : 0);
    }

    function promised() internal view returns (Promise memory) {
        return promiseOf(TAKE, EXPIRY, 1);
    }

    function claiming() private view returns (bytes memory) {
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY, channelId, 0, TAKE);
        return abi.encodeCall(channels.claim, (channel, 0, TAKE, r, vs));
    }

    function closing() private view returns (bytes memory) {
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY, channelId, 0, TAKE);
        return abi.encodeCall(channels.close, (channel, 0, TAKE, TAKE, r, vs));
    }

    function row() private view returns (IVoucherChannels.Batch[] memory batches) {
        batches = batchOf(1);
        batches[0].claims[0] = rowOf(SIGNER_KEY, signer, 1, channelId, 0, TAKE);
    }

    function closingBySig() private view returns (bytes memory) {
        bytes32 separator = separatorOf(block.chainid, address(channels));
        (bytes32 r, bytes32 vs) = signDigest(PAYEE_KEY, closeDigest(separator, channelId, 0, TAKE, LATEST));
        IVoucherChannels.PromisingVoucher memory voucher = voucherOf(0, 0, promised());
        return abi.encodeCall(channels.closeBySig, (channel, voucher, TAKE, LATEST, r, vs));
    }
}
