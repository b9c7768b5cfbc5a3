// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignedFunding} from "../money/SignedFunding.sol";
import {Holding, HoldingLib} from "../types/Holding.sol";
import {Terms, TermsLib} from "../types/Terms.sol";
import {Holds} from "./Holds.sol";
import {TermsRules} from "./TermsRules.sol";

/// @notice How a payment begins: the payer's money comes in, by its call or by its signature.
abstract contract Authorizations is Holds, SignedFunding {
    using TermsLib for Terms;

    function authorize(Terms calldata terms) external payable returns (bytes32 paymentId) {
        paymentId = _authorizeOwn(terms);
        _pull(terms.token, terms.payer, terms.amount);
    }

    function authorizeMany(Terms[] calldata many) external payable {
        require(many.length != 0, InvalidAmount());
        address token = many[0].token;
        uint256 total;
        for (uint256 i; i < many.length; ++i) {
            Terms calldata terms = many[i];
            require(terms.token == token, OtherToken(terms.token, token));
            _authorizeOwn(terms);
            total += terms.amount;
        }
        _pull(token, msg.sender, total);
    }

    function authorizeBySig(Terms calldata terms, Method method, bytes calldata authorization)
        external
        payable
        nonReentrant
        returns (bytes32 paymentId)
    {
        paymentId = paymentIdOf(terms);
        _store(terms, paymentId);
        _fund(terms, paymentId, method, authorization);
    }

    function authorizeERC3009(Terms calldata terms, bytes32 r, bytes32 vs)
        external
        nonReentrant
        returns (bytes32 paymentId)
    {
        paymentId = paymentIdOf(terms);
        _store(terms, paymentId);
        _takeByKey(terms.token, terms.payer, terms.amount, paymentId, terms.fundBy, r, vs);
    }

    function charge(Terms calldata terms, Method method, bytes calldata authorization) external payable nonReentrant {
        _requireOperator(terms);
        _requireCaptureBegun(terms);
        _requireNotExpired(terms);
        bytes32 paymentId = paymentIdOf(terms);
        Holding holding = HoldingLib.load(paymentId);
        bool funded = holding.isUsed();
        if (funded) {
            // somebody brought the payer's authorization first: that must not stop the charge
            _requireUndisputed(paymentId, holding);
            require(holding.held() == terms.amount && terms.amount != 0, AlreadyUsed(paymentId));
            require(msg.value == 0, WrongValue(msg.value, 0));
        } else {
            TermsRules.requireFundable(terms);
        }

        uint256 fee = _fee(terms, HoldingLib.authorized(0), terms.amount);
        holding = HoldingLib.authorized(terms.amount).earn(terms.amount);
        emit Charged(paymentId, terms.payer, terms.payee, terms.token, holding.store(paymentId));

        if (!funded) _fund(terms, paymentId, method, authorization);
        _payPayee(terms, terms.amount, fee);
    }

    function cancel(Terms calldata terms) external {
        _requirePayer(terms);
        bytes32 paymentId = paymentIdOf(terms);
        _requireUnused(paymentId);

        HoldingLib.authorized(0).store(paymentId);
        emit Cancelled(paymentId);
    }

    function _authorizeOwn(Terms calldata terms) private returns (bytes32 paymentId) {
        _requirePayer(terms);
        paymentId = paymentIdOf(terms);
        _store(terms, paymentId);
    }

    /// @dev Every hold that begins does so here, or in `charge`.
    function _store(Terms calldata terms, bytes32 paymentId) internal {
        TermsRules.requireFundable(terms);
        _requireUnused(paymentId);

        Holding holding = HoldingLib.authorized(terms.amount).store(paymentId);
        emit Authorized(paymentId, terms.payer, terms.payee, terms.token, holding);
    }

    function _fund(Terms calldata terms, bytes32 paymentId, Method method, bytes calldata authorization) private {
        if (method == Method.ALLOWANCE) {
            _requireConsent(terms.payer, TermsLib.authorizeHash(terms.hash()), authorization);
        }
        _take(method, terms.token, terms.payer, terms.amount, paymentId, terms.fundBy, authorization);
    }

    function _requireUnused(bytes32 paymentId) private view {
        require(!HoldingLib.load(paymentId).isUsed(), AlreadyUsed(paymentId));
    }
}
