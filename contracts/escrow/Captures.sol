// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ConditionCall} from "../conditions/ConditionCall.sol";
import {Consents} from "../types/Consents.sol";
import {Holding, HoldingLib} from "../types/Holding.sol";
import {Terms, ALL_BPS, DISPUTE_FREEZES_RESOLVE} from "../types/Terms.sol";
import {Holds} from "./Holds.sol";

/// @notice How held money leaves without a dispute: a party's word, a condition's, or the clock's; and how it comes back.
abstract contract Captures is Holds {
    function capture(Terms calldata terms, uint96 heldAfter) external nonReentrant {
        _requireOperator(terms);
        _requireCaptureBegun(terms);
        _requireNotExpired(terms);
        bytes32 paymentId = paymentIdOf(terms);
        Holding holding = HoldingLib.load(paymentId);
        _requireUndisputed(paymentId, holding);

        uint256 amount = _above(paymentId, holding, heldAfter);
        uint256 fee = _fee(terms, holding, amount);
        emit Captured(paymentId, holding.earn(amount).store(paymentId));

        _payPayee(terms, amount, fee);
    }

    function release(Terms calldata terms, uint96 heldAfter) external nonReentrant {
        _requirePayer(terms);

        _release(terms, paymentIdOf(terms), heldAfter);
    }

    function releaseBySig(Terms calldata terms, uint96 heldAfter, uint48 deadline, bytes calldata signature)
        external
        nonReentrant
    {
        _requireBefore(deadline);
        bytes32 paymentId = paymentIdOf(terms);
        _requireConsent(terms.payer, Consents.hash(Consents.RELEASE, paymentId, heldAfter, deadline), signature);

        _release(terms, paymentId, heldAfter);
    }

    function void(Terms calldata terms, uint96 heldAfter) external nonReentrant {
        bytes32 paymentId = paymentIdOf(terms);
        Holding holding = HoldingLib.load(paymentId);
        if (msg.sender != terms.payee) {
            require(msg.sender == terms.operator, NotPayeeOrOperator(msg.sender));
            _requireCaptureBegun(terms);
            _requireNotExpired(terms);
            _requireUndisputed(paymentId, holding);
        }

        _void(terms, paymentId, holding, heldAfter);
    }

    function voidBySig(Terms calldata terms, uint96 heldAfter, uint48 deadline, bytes calldata signature)
        external
        nonReentrant
    {
        _requireBefore(deadline);
        bytes32 paymentId = paymentIdOf(terms);
        _requireConsent(terms.payee, Consents.hash(Consents.VOID, paymentId, heldAfter, deadline), signature);

        _void(terms, paymentId, HoldingLib.load(paymentId), heldAfter);
    }

    function resolve(Terms calldata terms, bytes calldata data, bytes calldata proof) external nonReentrant {
        bytes32 paymentId = paymentIdOf(terms);
        _requireNotExpired(terms);
        Holding holding = _heldSome(paymentId);
        if (terms.flags & DISPUTE_FREEZES_RESOLVE != 0) {
            _requireCaptureBegun(terms);
            _requireUndisputed(paymentId, holding);
        }
        address condition = terms.condition;
        require(condition != address(0), NoCondition(paymentId));
        bytes32 dataHash = keccak256(data);
        require(dataHash == terms.conditionHash, WrongConditionData(dataHash, terms.conditionHash));
        uint256 atStake = terms.amount;
        uint256 gone = atStake - holding.held();
        uint256 released = ConditionCall.released(condition, paymentId, atStake, data, proof);
        require(released > gone, NothingReleased(paymentId, released, gone));

        // the condition's word is clipped to the amount, so what is due never exceeds what is held
        uint256 amount = released - gone;
        uint256 fee = _fee(terms, holding, amount);
        emit Resolved(paymentId, holding.earn(amount).store(paymentId), proof);

        _payPayee(terms, amount, fee);
    }

    function refund(Terms calldata terms, uint96 held, uint96 refundableAfter) external payable {
        require(msg.sender == terms.payee || msg.sender == terms.operator, NotPayeeOrOperator(msg.sender));
        require(block.timestamp < terms.refundExpiry, RefundExpired(block.timestamp, terms.refundExpiry));
        bytes32 paymentId = paymentIdOf(terms);
        Holding holding = HoldingLib.load(paymentId);
        uint256 refundable = holding.refundable();
        require(held == holding.held(), HeldChanged(paymentId, holding.held(), held));
        require(refundableAfter < refundable, NothingToRefund(paymentId, refundable, refundableAfter));

        uint256 amount = refundable - refundableAfter;
        emit Refunded(paymentId, holding.refund(amount).store(paymentId));

        _passOn(terms.token, msg.sender, terms.payer, amount);
    }

    function expire(Terms calldata terms) external nonReentrant {
        bytes32 paymentId = paymentIdOf(terms);
        Holding holding = HoldingLib.load(paymentId);
        uint256 end = _end(terms, holding);
        require(block.timestamp >= end, NotExpired(block.timestamp, end));
        require(holding.held() != 0, NothingHeld(paymentId));

        uint256 bps = holding.isDisputed() ? terms.payeeShareOnSilenceBps : terms.payeeShareOnExpiryBps;
        uint256 toPayee = holding.held() * bps / ALL_BPS;
        emit Expired(paymentId, _split(paymentId, holding, toPayee));

        _paySplit(terms, holding, toPayee);
    }

    function _release(Terms calldata terms, bytes32 paymentId, uint96 heldAfter) private {
        Holding holding = HoldingLib.load(paymentId);
        uint256 amount = _above(paymentId, holding, heldAfter);
        uint256 fee = _fee(terms, holding, amount);
        emit Released(paymentId, holding.earn(amount).store(paymentId));

        _payPayee(terms, amount, fee);
    }

    function _void(Terms calldata terms, bytes32 paymentId, Holding holding, uint96 heldAfter) private {
        uint256 amount = _above(paymentId, holding, heldAfter);
        emit Voided(paymentId, holding.giveBack(amount).store(paymentId));

        _pay(terms.token, terms.payer, amount);
    }
}
