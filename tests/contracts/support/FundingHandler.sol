// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {Amendment} from "../../../contracts/types/Amendment.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {EscrowBooks} from "./EscrowBooks.sol";
import {Permit2} from "./Permit2.sol";
import {vm} from "./Vm.sol";

/// @notice Money in, by every way; legal calls only.
abstract contract FundingHandler is EscrowBooks {
    function authorize(uint256 dice) external {
        Terms memory terms = _roll(dice);
        uint256 value = _equip(terms.payer, terms.token, terms.amount, address(escrow));
        _act(terms.payer, value, abi.encodeCall(IEscrow.authorize, (terms)));
        _book(terms, terms.amount);
    }

    function authorizeMany(uint256 dice, uint256 rows) external {
        Terms[] memory many = new Terms[](1 + rows % 3);
        uint256 total;
        for (uint256 i; i < many.length; ++i) {
            many[i] = _roll(uint256(keccak256(abi.encode(dice, i))));
            (many[i].payer, many[i].payee, many[i].token) = (many[0].payer, many[0].payee, many[0].token);
            total += many[i].amount;
            _book(many[i], many[i].amount);
        }
        uint256 value = _equip(many[0].payer, many[0].token, total, address(escrow));
        _act(many[0].payer, value, abi.encodeCall(IEscrow.authorizeMany, (many)));
    }

    function authorizeBySig(uint256 dice, uint8 kind) external {
        Terms memory terms = _roll(dice);
        IFunding.Method method = _methodFor(terms.token, kind);
        (uint256 value, bytes memory authorization) = _consent(method, terms.payer, terms.token, terms.amount);
        if (method == IFunding.Method.ERC3009 && kind > 127) escrow.authorizeERC3009(terms, 0, 0);
        else escrow.authorizeBySig{value: value}(terms, method, authorization);
        _book(terms, terms.amount);
    }

    function charge(uint256 dice, uint8 kind) external {
        Terms memory terms = _roll(dice);
        if (block.timestamp < terms.captureFrom) return;
        IFunding.Method method = _methodFor(terms.token, kind);
        (uint256 value, bytes memory authorization) = _consent(method, terms.payer, terms.token, terms.amount);
        if (value != 0) vm.deal(terms.operator, terms.operator.balance + value);
        if (value != 0) vm.deal(address(this), address(this).balance - value);
        _act(terms.operator, value, abi.encodeCall(IEscrow.charge, (terms, method, authorization)));
        _book(terms, terms.amount);
        _earned(_payments.length - 1, terms.amount);
    }

    function chargeAuthorized(uint256 seed) external {
        (bool found, uint256 i) = _find(seed, _untouched);
        if (!found) return;
        Terms memory terms = _payments[i];
        _act(terms.operator, 0, abi.encodeCall(IEscrow.charge, (terms, IFunding.Method.ALLOWANCE, "")));
        _earned(i, terms.amount);
    }

    function cancel(uint256 dice) external {
        Terms memory terms = _roll(dice);
        _act(terms.payer, 0, abi.encodeCall(IEscrow.cancel, (terms)));
        _book(terms, 0);
    }

    /// @dev The new payer pays in at most 999 units; the old one is paid any part of it all.
    function amend(uint256 seed, uint256 dice, uint8 kind) external {
        (bool found, uint256 i) = _find(seed, _amendable);
        if (!found) return;
        Terms memory to = _roll(dice);
        to.token = _payments[i].token;
        uint256 paidIn = _books[i].held + 999 < type(uint96).max ? uint256(kind) * 3 : 0;
        uint256 paidOut = (dice >> 128) % (_books[i].held + paidIn);
        to.amount = uint96(_books[i].held + paidIn - paidOut);
        Amendment memory amendment =
            Amendment(uint96(_books[i].held), uint96(paidIn), uint96(paidOut), uint48(block.timestamp + 1));
        _amend(i, to, amendment, _methodFor(to.token, kind));
    }

    function _amend(uint256 i, Terms memory to, Amendment memory amendment, IFunding.Method method) private {
        (uint256 value, bytes memory authorization) = _consent(method, to.payer, to.token, amendment.paidIn);
        escrow.amend{value: value}(_payments[i], to, amendment, new bytes[](4), method, authorization);
        (_books[i].held, _books[i].disputedAt) = (0, 0);
        gained[to.token][_payments[i].payer] += amendment.paidOut;
        _book(to, to.amount);
    }

    function _methodFor(address currency, uint8 kind) private pure returns (IFunding.Method) {
        return currency == address(0) ? IFunding.Method.ALLOWANCE : IFunding.Method(kind % 3);
    }

    /// @dev Native currency is brought by whoever relays.
    function _consent(IFunding.Method method, address payer, address currency, uint256 amount)
        private
        returns (uint256 value, bytes memory authorization)
    {
        if (currency == address(0)) {
            vm.deal(address(this), address(this).balance + amount);
            return (amount, "");
        }
        bool permit2 = method == IFunding.Method.PERMIT2;
        _equip(payer, currency, amount, permit2 ? Permit2.PLACE : address(escrow));
        if (permit2) authorization = abi.encode(_payments.length);
    }

    function _untouched(uint256 i) private view returns (bool) {
        return _capturable(i) && _books[i].held == _payments[i].amount;
    }

    function _amendable(uint256 i) private view returns (bool) {
        return _holding(i) && block.timestamp < _end(i);
    }
}
