// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ConditionCall} from "../conditions/ConditionCall.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";
import {Refunds} from "../money/Refunds.sol";
import {EarnestDomain} from "../types/EarnestDomain.sol";
import {Holding, HoldingLib} from "../types/Holding.sol";
import {Terms, TermsLib, ALL_BPS, DISPUTE_FREEZES_RESOLVE} from "../types/Terms.sol";
import {TermsRules} from "./TermsRules.sol";

/// @notice One instance for all payments, tokens and the native currency. No owner, no upgrade.
contract Escrow is IEscrow, EarnestDomain, Refunds {
    using TermsLib for Terms;

    mapping(bytes32 paymentId => Holding) private _holdings;

    function authorize(Terms calldata terms) external payable returns (bytes32 paymentId) {
        require(msg.sender == terms.payer, NotPayer(msg.sender, terms.payer));
        TermsRules.requireFundable(terms);
        paymentId = paymentIdOf(terms);
        require(!_holdings[paymentId].isUsed(), AlreadyUsed(paymentId));

        Holding holding = _holdings[paymentId] = HoldingLib.authorized(terms.amount);
        emit Authorized(paymentId, terms.payer, terms.payee, terms.token, holding);

        _pull(terms.token, terms.payer, terms.amount);
    }

    function capture(Terms calldata terms, uint96 heldAfter) external nonReentrant {
        require(msg.sender == terms.operator, NotOperator(msg.sender, terms.operator));
        _requireOperatorsTime(terms);

        (bytes32 paymentId, Holding holding, uint256 amount, uint256 fee) = _earn(terms, heldAfter);
        emit Captured(paymentId, holding);

        _payPayee(terms, amount, fee);
    }

    function release(Terms calldata terms, uint96 heldAfter) external nonReentrant {
        require(msg.sender == terms.payer, NotPayer(msg.sender, terms.payer));

        (bytes32 paymentId, Holding holding, uint256 amount, uint256 fee) = _earn(terms, heldAfter);
        emit Released(paymentId, holding);

        _payPayee(terms, amount, fee);
    }

    function void(Terms calldata terms, uint96 heldAfter) external nonReentrant {
        if (msg.sender != terms.payee) {
            require(msg.sender == terms.operator, NotPayeeOrOperator(msg.sender));
            _requireOperatorsTime(terms);
        }
        bytes32 paymentId = paymentIdOf(terms);
        (Holding holding, uint256 amount) = _lower(paymentId, heldAfter);

        holding = _holdings[paymentId] = holding.giveBack(amount);
        emit Voided(paymentId, holding);

        _pay(terms.token, terms.payer, amount);
    }

    function resolve(Terms calldata terms, bytes calldata data, bytes calldata proof) external nonReentrant {
        bytes32 paymentId = paymentIdOf(terms);
        _requireNotExpired(terms);
        if (terms.flags & DISPUTE_FREEZES_RESOLVE != 0) _requireCaptureBegun(terms);
        address condition = terms.condition;
        require(condition != address(0), NoCondition(paymentId));
        bytes32 dataHash = keccak256(data);
        require(dataHash == terms.conditionHash, WrongConditionData(dataHash, terms.conditionHash));
        Holding holding = _heldSome(paymentId);
        uint256 atStake = terms.amount;
        uint256 gone = atStake - holding.held();
        uint256 released = ConditionCall.released(condition, paymentId, atStake, data, proof);
        require(released > gone, NothingReleased(paymentId, released, gone));

        // the condition's word is clipped to the amount, so what is due never exceeds what is held
        uint256 amount = released - gone;
        uint256 fee = _fee(terms, holding, amount);
        holding = _holdings[paymentId] = holding.earn(amount);
        emit Resolved(paymentId, holding, proof);

        _payPayee(terms, amount, fee);
    }

    function refund(Terms calldata terms, uint96 held, uint96 refundableAfter) external payable {
        require(msg.sender == terms.payee || msg.sender == terms.operator, NotPayeeOrOperator(msg.sender));
        require(block.timestamp < terms.refundExpiry, RefundExpired(block.timestamp, terms.refundExpiry));
        bytes32 paymentId = paymentIdOf(terms);
        Holding holding = _holdings[paymentId];
        uint256 refundable = holding.refundable();
        require(held == holding.held(), HeldChanged(paymentId, holding.held(), held));
        require(refundableAfter < refundable, NothingToRefund(paymentId, refundable, refundableAfter));

        uint256 amount = refundable - refundableAfter;
        holding = _holdings[paymentId] = holding.refund(amount);
        emit Refunded(paymentId, holding);

        _passOn(terms.token, msg.sender, terms.payer, amount);
    }

    function expire(Terms calldata terms) external nonReentrant {
        require(_expired(terms), NotExpired(block.timestamp, terms.authorizationExpiry));
        bytes32 paymentId = paymentIdOf(terms);
        Holding holding = _heldSome(paymentId);

        uint256 held = holding.held();
        uint256 toPayee = held * terms.payeeShareOnExpiryBps / ALL_BPS;
        uint256 toPayer = held - toPayee;
        uint256 fee = _fee(terms, holding, toPayee);
        holding = _holdings[paymentId] = holding.earn(toPayee).giveBack(toPayer);
        emit Expired(paymentId, holding);

        _payBoth(terms.token, terms.payer, toPayer, terms.payee, toPayee - fee);
        _pay(terms.token, terms.feeRecipient, fee);
    }

    function cancel(Terms calldata terms) external {
        require(msg.sender == terms.payer, NotPayer(msg.sender, terms.payer));
        bytes32 paymentId = paymentIdOf(terms);
        require(!_holdings[paymentId].isUsed(), AlreadyUsed(paymentId));

        _holdings[paymentId] = HoldingLib.authorized(0);
        emit Cancelled(paymentId);
    }

    function paymentIdOf(Terms calldata terms) public view returns (bytes32) {
        return _hashTypedData(terms.hash());
    }

    function holdingOf(bytes32 paymentId)
        external
        view
        returns (uint96 held, uint96 refundable, uint48 disputedAt, bool used)
    {
        Holding holding = _holdings[paymentId];
        return (uint96(holding.held()), uint96(holding.refundable()), uint48(holding.disputedAt()), holding.isUsed());
    }

    /// @dev Lowers the hold to `heldAfter` in the payee's favour.
    function _earn(Terms calldata terms, uint96 heldAfter)
        private
        returns (bytes32 paymentId, Holding holding, uint256 amount, uint256 fee)
    {
        paymentId = paymentIdOf(terms);
        (holding, amount) = _lower(paymentId, heldAfter);
        fee = _fee(terms, holding, amount);
        holding = _holdings[paymentId] = holding.earn(amount);
    }

    function _lower(bytes32 paymentId, uint96 heldAfter) private view returns (Holding holding, uint256 amount) {
        holding = _holdings[paymentId];
        uint256 held = holding.held();
        require(heldAfter < held, NothingToMove(paymentId, held, heldAfter));
        amount = held - heldAfter;
    }

    function _heldSome(bytes32 paymentId) private view returns (Holding holding) {
        holding = _holdings[paymentId];
        require(holding.held() != 0, NothingHeld(paymentId));
    }

    /// @dev A difference of two floors: slicing a payment into many captures neither adds to the fee nor evades it.
    function _fee(Terms calldata terms, Holding holding, uint256 amount) private pure returns (uint256) {
        uint256 bps = terms.feeBps;
        if (bps == 0) return 0;
        uint256 before = holding.refundable();
        return bps * (before + amount) / ALL_BPS - bps * before / ALL_BPS;
    }

    function _payPayee(Terms calldata terms, uint256 amount, uint256 fee) private {
        _payBoth(terms.token, terms.feeRecipient, fee, terms.payee, amount - fee);
    }

    function _requireOperatorsTime(Terms calldata terms) private view {
        _requireCaptureBegun(terms);
        _requireNotExpired(terms);
    }

    function _requireCaptureBegun(Terms calldata terms) private view {
        require(block.timestamp >= terms.captureFrom, TooEarly(block.timestamp, terms.captureFrom));
    }

    function _requireNotExpired(Terms calldata terms) private view {
        require(!_expired(terms), AuthorizationExpired(block.timestamp, terms.authorizationExpiry));
    }

    /// @dev The one place that says which side the boundary second belongs to: at the expiry the hold is over.
    function _expired(Terms calldata terms) private view returns (bool) {
        return block.timestamp >= terms.authorizationExpiry;
    }
}
