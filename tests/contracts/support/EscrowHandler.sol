// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Escrow} from "../../../contracts/escrow/Escrow.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {MoodyCondition} from "../mocks/MoodyCondition.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {vm} from "./Vm.sol";

/// @notice Makes only legal calls, on payments in two currencies between parties that refuse money at times, and keeps the
/// books on its own.
contract EscrowHandler {
    struct Book {
        uint256 held;
        uint256 refundable;
        uint256 feeTaken;
    }

    Escrow public immutable escrow;
    MoodyToken public immutable token = new MoodyToken();
    MoodyCondition private immutable _condition = new MoodyCondition();
    /// @dev payer, payee, operator, fee recipient
    MoodyParty[4] public parties;
    Terms[] private _payments;
    mapping(uint256 payment => Book) private _books;
    mapping(address token_ => uint256) public donated;
    mapping(address token_ => mapping(address owner => uint256)) public withdrawn;

    constructor(Escrow escrow_) {
        escrow = escrow_;
        for (uint256 i; i < 4; ++i) {
            parties[i] = new MoodyParty();
        }
    }

    function count() external view returns (uint256) {
        return _payments.length;
    }

    function payment(uint256 i) external view returns (Terms memory, Book memory) {
        return (_payments[i], _books[i]);
    }

    function authorize(uint96 amount, uint16 share, uint16 fee, bool native, bool cancelled) external {
        uint48 now_ = uint48(block.timestamp);
        Terms memory terms;
        (terms.payer, terms.payee) = (address(parties[0]), address(parties[1]));
        (terms.operator, terms.feeRecipient) = (address(parties[2]), address(parties[3]));
        terms.token = native ? address(0) : address(token);
        terms.amount = amount == 0 ? 1 : amount;
        (terms.condition, terms.conditionHash) = (address(_condition), keccak256(""));
        (terms.fundBy, terms.captureFrom) = (now_ + 1, now_ + 30 minutes);
        (terms.authorizationExpiry, terms.refundExpiry) = (now_ + 2 days, now_ + 4 days);
        (terms.payeeShareOnExpiryBps, terms.feeBps) = (share % 10_001, fee % 10_001);
        terms.salt = uint96(_payments.length);
        if (cancelled) {
            parties[0].act(address(escrow), 0, abi.encodeCall(Escrow.cancel, (terms)));
        } else {
            uint256 value = _equip(parties[0], terms.token, terms.amount);
            parties[0].act(address(escrow), value, abi.encodeCall(Escrow.authorize, (terms)));
            _books[_payments.length].held = terms.amount;
        }
        _payments.push(terms);
    }

    function capture(uint256 seed, uint96 level) external {
        (bool found, uint256 i) = _find(seed, _capturable);
        if (!found) return;
        level = uint96(level % _books[i].held);
        parties[2].act(address(escrow), 0, abi.encodeCall(Escrow.capture, (_payments[i], level)));
        _earned(i, _books[i].held - level);
    }

    function release(uint256 seed, uint96 level) external {
        (bool found, uint256 i) = _find(seed, _holding);
        if (!found) return;
        level = uint96(level % _books[i].held);
        parties[0].act(address(escrow), 0, abi.encodeCall(Escrow.release, (_payments[i], level)));
        _earned(i, _books[i].held - level);
    }

    function void(uint256 seed, uint96 level, bool byOperator) external {
        (bool found, uint256 i) = _find(seed, byOperator ? _capturable : _holding);
        if (!found) return;
        level = uint96(level % _books[i].held);
        parties[byOperator ? 2 : 1].act(address(escrow), 0, abi.encodeCall(Escrow.void, (_payments[i], level)));
        _books[i].held = level;
    }

    function resolve(uint256 seed, uint96 more) external {
        (bool found, uint256 i) = _find(seed, _open);
        if (!found) return;
        more = uint96(1 + more % _books[i].held);
        bytes memory proof = abi.encode(_payments[i].amount - _books[i].held + more);
        escrow.resolve(_payments[i], "", proof);
        _earned(i, more);
    }

    function expire(uint256 seed) external {
        (bool found, uint256 i) = _find(seed, _over);
        if (!found) return;
        escrow.expire(_payments[i]);
        _earned(i, _books[i].held * _payments[i].payeeShareOnExpiryBps / 10_000);
        _books[i].held = 0;
    }

    function refund(uint256 seed, uint96 level, bool byOperator) external {
        (bool found, uint256 i) = _find(seed, _refundable);
        if (!found) return;
        level = uint96(level % _books[i].refundable);
        MoodyParty sender = parties[byOperator ? 2 : 1];
        uint256 value = _equip(sender, _payments[i].token, _books[i].refundable - level);
        bytes memory data = abi.encodeCall(Escrow.refund, (_payments[i], uint96(_books[i].held), level));
        sender.act(address(escrow), value, data);
        _books[i].refundable = level;
    }

    function withdrawCredit(uint256 seed, bool native) external {
        MoodyParty owner = parties[seed % 4];
        address token_ = native ? address(0) : address(token);
        uint256 credit = escrow.credits(token_, address(owner));
        if (credit == 0) return;
        withdrawn[token_][address(owner)] += credit;
        owner.act(address(escrow), 0, abi.encodeCall(escrow.withdrawCredit, (token_, address(0xE15E))));
    }

    function pushCredit(uint256 seed, bool native) external {
        MoodyParty owner = parties[seed % 4];
        address token_ = native ? address(0) : address(token);
        if (escrow.credits(token_, address(owner)) == 0) return;
        _reachable(owner, true);
        escrow.pushCredit(token_, address(owner));
    }

    function reach(uint256 seed, bool reachable) external {
        _reachable(parties[seed % 4], reachable);
    }

    function donate(uint64 amount, bool native) external {
        if (native) vm.deal(address(escrow), address(escrow).balance + amount);
        else token.mint(address(escrow), amount);
        donated[native ? address(0) : address(token)] += amount;
    }

    function pass(uint256 time) external {
        vm.warp(block.timestamp + time % 1 days);
    }

    function _reachable(MoodyParty party, bool reachable) private {
        party.be(reachable ? MoodyParty.Mood.ACCEPTS : MoodyParty.Mood.REVERTS);
        token.deny(address(party), !reachable);
    }

    /// @dev Who pays can be reached, or no token would let it pay.
    function _equip(MoodyParty from, address token_, uint256 amount) private returns (uint256 value) {
        _reachable(from, true);
        if (token_ == address(0)) {
            vm.deal(address(from), address(from).balance + amount);
            return amount;
        }
        token.mint(address(from), amount);
        from.act(address(token), 0, abi.encodeCall(token.approve, (address(escrow), amount)));
    }

    function _earned(uint256 i, uint256 amount) private {
        Book storage book = _books[i];
        uint256 bps = _payments[i].feeBps;
        book.feeTaken += (book.refundable + amount) * bps / 10_000 - book.refundable * bps / 10_000;
        book.held -= amount;
        book.refundable += amount;
    }

    function _find(uint256 seed, function(uint256) view returns (bool) fits) private view returns (bool, uint256) {
        for (uint256 i; i < _payments.length; ++i) {
            uint256 candidate = addmod(seed, i, _payments.length);
            if (fits(candidate)) return (true, candidate);
        }
        return (false, 0);
    }

    function _holding(uint256 i) private view returns (bool) {
        return _books[i].held != 0;
    }

    function _open(uint256 i) private view returns (bool) {
        return _holding(i) && block.timestamp < _payments[i].authorizationExpiry;
    }

    function _capturable(uint256 i) private view returns (bool) {
        return _open(i) && block.timestamp >= _payments[i].captureFrom;
    }

    function _over(uint256 i) private view returns (bool) {
        return _holding(i) && block.timestamp >= _payments[i].authorizationExpiry;
    }

    function _refundable(uint256 i) private view returns (bool) {
        return _books[i].refundable != 0 && block.timestamp < _payments[i].refundExpiry;
    }
}
