// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Amendment, AmendmentLib} from "../types/Amendment.sol";
import {Consents} from "../types/Consents.sol";
import {Holding, HoldingLib} from "../types/Holding.sol";
import {Terms, TermsLib} from "../types/Terms.sol";
import {Authorizations} from "./Authorizations.sol";

/// @notice What the parties agree on among themselves, whatever the terms said.
abstract contract Amendments is Authorizations {
    using TermsLib for Terms;
    using AmendmentLib for Amendment;

    function settle(
        Terms calldata terms,
        uint96 toPayer,
        uint48 deadline,
        bytes calldata payerSignature,
        bytes calldata payeeSignature
    ) external nonReentrant {
        _requireBefore(deadline);
        bytes32 paymentId = paymentIdOf(terms);
        bytes32 settlement = Consents.hash(Consents.SETTLE, paymentId, toPayer, deadline);
        _requireConsent(terms.payer, settlement, payerSignature);
        _requireConsent(terms.payee, settlement, payeeSignature);
        Holding holding = _heldSome(paymentId);
        uint256 held = holding.held();
        require(toPayer <= held, ExceedsHeld(paymentId, toPayer, held));

        uint256 toPayee = held - toPayer;
        emit Settled(paymentId, _split(paymentId, holding, toPayee));

        _paySplit(terms, holding, toPayee);
    }

    function amend(
        Terms calldata from,
        Terms calldata to,
        Amendment calldata amendment,
        bytes[] calldata signatures,
        Method method,
        bytes calldata authorization
    ) external payable nonReentrant returns (bytes32 toId) {
        _requireBefore(amendment.deadline);
        bytes32 fromId = paymentIdOf(from);
        _moveOn(from, to, amendment, fromId);
        bytes32 structHash = amendment.hash(fromId, to.hash());
        _requireAll(from, to, structHash, signatures);
        toId = paymentIdOf(to);
        emit Amended(fromId, toId, HoldingLib.load(fromId));
        _store(to, toId);

        _payIn(to, amendment, _hashTypedData(structHash), method, authorization);
        _pay(from.token, from.payer, amendment.paidOut);
    }

    /// @dev Nothing to pay in moves nothing: some tokens refuse a transfer of zero.
    function _payIn(
        Terms calldata to,
        Amendment calldata amendment,
        bytes32 digest,
        Method method,
        bytes calldata authorization
    ) private {
        if (amendment.paidIn == 0) {
            require(msg.value == 0, WrongValue(msg.value, 0));
        } else {
            _take(method, to.token, to.payer, amendment.paidIn, digest, amendment.deadline, authorization);
        }
    }

    /// @dev The old hold ends, if the amendment is meant for it and the sums agree.
    function _moveOn(Terms calldata from, Terms calldata to, Amendment calldata amendment, bytes32 fromId) private {
        Holding holding = _heldSome(fromId);
        uint256 held = holding.held();
        require(amendment.held == held, HeldChanged(fromId, held, amendment.held));
        uint256 end = _end(from, holding);
        require(block.timestamp < end, AuthorizationExpired(block.timestamp, end));
        require(to.token == from.token, OtherToken(to.token, from.token));
        require(
            uint256(to.amount) + amendment.paidOut == held + amendment.paidIn,
            WrongAmount(to.amount, held, amendment.paidIn, amendment.paidOut)
        );
        holding.movedOn().store(fromId);
    }

    /// @dev Everybody whose money or claim it touches: the old payer and payee, and whoever is new.
    function _requireAll(Terms calldata from, Terms calldata to, bytes32 structHash, bytes[] calldata signatures)
        private
        view
    {
        require(signatures.length == 4, WrongNumberOfSignatures(signatures.length, 4));
        _requireConsent(from.payer, structHash, signatures[0]);
        _requireConsent(from.payee, structHash, signatures[1]);
        if (to.payer != from.payer && to.payer != from.payee) _requireConsent(to.payer, structHash, signatures[2]);
        if (to.payee != from.payer && to.payee != from.payee) _requireConsent(to.payee, structHash, signatures[3]);
    }
}
