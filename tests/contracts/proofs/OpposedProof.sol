// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Escrow} from "../../../contracts/escrow/Escrow.sol";
import {Holding} from "../../../contracts/types/Holding.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {MoodyCondition} from "../mocks/MoodyCondition.sol";
import {vm} from "../support/Vm.sol";

/// @notice For every time, flag, period, amount and state of one payment: never do two of them take the same money.
/// @dev The parties stand still. Shares and fee, which no guard of these verbs reads, are zero. docs/proofs.md.
contract OpposedProof {
    Escrow private immutable _escrow = new Escrow();
    MoodyCondition private immutable _condition = new MoodyCondition();

    struct Times {
        uint48 now_;
        uint48 captureFrom;
        uint48 authorizationExpiry;
        uint32 rulingPeriod;
        uint8 flags;
    }

    /// @dev Any state that one payment can be in, and the money that belongs to it.
    function arranged(Times memory times, uint96 amount, Holding word) private returns (Terms memory terms) {
        (terms.payer, terms.payee, terms.amount) = (address(0xA1), address(0xA2), amount);
        (terms.operator, terms.arbiter) = (address(0xA3), address(0xA4));
        (terms.condition, terms.conditionHash) = (address(_condition), keccak256(""));
        (terms.captureFrom, terms.authorizationExpiry) = (times.captureFrom, times.authorizationExpiry);
        (terms.rulingPeriod, terms.flags) = (times.rulingPeriod, times.flags);
        vm.assume(word.isUsed() && word.held() != 0 && word.held() + word.refundable() <= amount);
        vm.warp(times.now_);
        vm.deal(address(_escrow), word.held());
        vm.store(address(_escrow), _escrow.paymentIdOf(terms), bytes32(Holding.unwrap(word)));
    }

    /// @dev Only whether it would: the state is as before.
    function succeeds(address caller, bytes memory data) private returns (bool) {
        (, bytes memory answer) = address(this).call(abi.encodeCall(this.attempt, (caller, data)));
        return abi.decode(answer, (bool));
    }

    function attempt(address caller, bytes calldata data) external {
        vm.prank(caller);
        (bool success,) = address(_escrow).call(data);
        bytes memory answer = abi.encode(success);
        assembly ("memory-safe") {
            revert(add(answer, 0x20), 0x20)
        }
    }

    function check_CaptureAndExpire(Times memory times, uint96 amount, Holding word) external {
        Terms memory terms = arranged(times, amount, word);
        bool captured = succeeds(terms.operator, abi.encodeCall(_escrow.capture, (terms, 0)));
        assert(!(captured && succeeds(address(this), abi.encodeCall(_escrow.expire, (terms)))));
    }

    function check_RuleAndExpire(Times memory times, uint96 amount, Holding word) external {
        Terms memory terms = arranged(times, amount, word);
        bool ruled = succeeds(terms.arbiter, abi.encodeCall(_escrow.rule, (terms, 0)));
        assert(!(ruled && succeeds(address(this), abi.encodeCall(_escrow.expire, (terms)))));
    }

    function check_CaptureAndRule(Times memory times, uint96 amount, Holding word) external {
        Terms memory terms = arranged(times, amount, word);
        bool captured = succeeds(terms.operator, abi.encodeCall(_escrow.capture, (terms, 0)));
        assert(!(captured && succeeds(terms.arbiter, abi.encodeCall(_escrow.rule, (terms, 0)))));
    }

    function check_OperatorsVoidAndExpire(Times memory times, uint96 amount, Holding word) external {
        Terms memory terms = arranged(times, amount, word);
        bool voided = succeeds(terms.operator, abi.encodeCall(_escrow.void, (terms, 0)));
        assert(!(voided && succeeds(address(this), abi.encodeCall(_escrow.expire, (terms)))));
    }

    function check_DisputeAndExpire(Times memory times, uint96 amount, Holding word) external {
        Terms memory terms = arranged(times, amount, word);
        bool disputed = succeeds(terms.payer, abi.encodeCall(_escrow.dispute, (terms, 0)));
        assert(!(disputed && succeeds(address(this), abi.encodeCall(_escrow.expire, (terms)))));
    }

    /// @dev The condition releases everything to whoever asks.
    function resolves(Terms memory terms) private returns (bool) {
        return succeeds(address(this), abi.encodeCall(_escrow.resolve, (terms, "", abi.encode(type(uint256).max))));
    }

    function check_ResolveAndExpire(Times memory times, uint96 amount, Holding word) external {
        Terms memory terms = arranged(times, amount, word);
        assert(!(resolves(terms) && succeeds(address(this), abi.encodeCall(_escrow.expire, (terms)))));
    }

    function check_ResolveAndRule(Times memory times, uint96 amount, Holding word) external {
        Terms memory terms = arranged(times, amount, word);
        assert(!(resolves(terms) && succeeds(terms.arbiter, abi.encodeCall(_escrow.rule, (terms, 0)))));
    }
}
