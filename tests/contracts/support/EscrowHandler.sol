// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Escrow} from "../../../contracts/escrow/Escrow.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {EscrowBooks} from "./EscrowBooks.sol";
import {FundingHandler} from "./FundingHandler.sol";
import {vm} from "./Vm.sol";

/// @notice Money out, disputes, credits and the clock; legal calls only.
contract EscrowHandler is FundingHandler {
    constructor(Escrow escrow_) EscrowBooks(escrow_) {}

    function capture(uint256 seed, uint96 level) external {
        (bool found, uint256 i) = _find(seed, _capturable);
        if (!found) return;
        level = uint96(level % _books[i].held);
        _act(_payments[i].operator, 0, abi.encodeCall(escrow.capture, (_payments[i], level)));
        _earned(i, _books[i].held - level);
    }

    function release(uint256 seed, uint96 level, bool bySig) external {
        (bool found, uint256 i) = _find(seed, _holding);
        if (!found) return;
        level = uint96(level % _books[i].held);
        if (bySig) escrow.releaseBySig(_payments[i], level, uint48(block.timestamp + 1), "");
        else _act(_payments[i].payer, 0, abi.encodeCall(escrow.release, (_payments[i], level)));
        _earned(i, _books[i].held - level);
    }

    function void(uint256 seed, uint96 level, bool bySig) external {
        (bool found, uint256 i) = _find(seed, _holding);
        if (!found) return;
        level = uint96(level % _books[i].held);
        if (bySig) escrow.voidBySig(_payments[i], level, uint48(block.timestamp + 1), "");
        else _act(_payments[i].payee, 0, abi.encodeCall(escrow.void, (_payments[i], level)));
        _givenBack(i, _books[i].held - level);
    }

    function voidByOperator(uint256 seed, uint96 level) external {
        (bool found, uint256 i) = _find(seed, _capturable);
        if (!found) return;
        level = uint96(level % _books[i].held);
        _act(_payments[i].operator, 0, abi.encodeCall(escrow.void, (_payments[i], level)));
        _givenBack(i, _books[i].held - level);
    }

    function resolve(uint256 seed, uint96 more) external {
        (bool found, uint256 i) = _find(seed, _resolvable);
        if (!found) return;
        more = uint96(1 + more % _books[i].held);
        bytes memory proof = abi.encode(_payments[i].amount - _books[i].held + more);
        escrow.resolve(_payments[i], "", proof);
        _earned(i, more);
    }

    function expire(uint256 seed) external {
        (bool found, uint256 i) = _find(seed, _over);
        if (!found) return;
        bool disputed = _books[i].disputedAt != 0;
        uint256 bps = disputed ? _payments[i].payeeShareOnSilenceBps : _payments[i].payeeShareOnExpiryBps;
        escrow.expire(_payments[i]);
        _split(i, _books[i].held * bps / 10_000);
    }

    function dispute(uint256 seed, bool byPayee, bool bySig) external {
        (bool found, uint256 i) = _find(seed, byPayee ? _payeeMayDispute : _payerMayDispute);
        if (!found) return;
        address party = byPayee ? _payments[i].payee : _payments[i].payer;
        if (bySig) escrow.disputeBySig(_payments[i], party, 0, uint48(block.timestamp + 1), "");
        else _act(party, 0, abi.encodeCall(escrow.dispute, (_payments[i], 0)));
        _books[i].disputedAt = block.timestamp;
    }

    function rule(uint256 seed, uint16 bps, bool bySig) external {
        (bool found, uint256 i) = _find(seed, _rulable);
        if (!found) return;
        bps %= 10_001;
        if (bySig) escrow.ruleBySig(_payments[i], bps, "");
        else _act(_payments[i].arbiter, 0, abi.encodeCall(escrow.rule, (_payments[i], bps)));
        _split(i, _books[i].held * bps / 10_000);
    }

    function settle(uint256 seed, uint96 toPayer) external {
        (bool found, uint256 i) = _find(seed, _holding);
        if (!found) return;
        toPayer = uint96(toPayer % (_books[i].held + 1));
        escrow.settle(_payments[i], toPayer, uint48(block.timestamp + 1), "", "");
        _split(i, _books[i].held - toPayer);
    }

    /// @dev A payer that is the operator has nothing to give itself.
    function refund(uint256 seed, uint96 level, bool byOperator) external {
        (bool found, uint256 i) = _find(seed, _refundable);
        if (!found) return;
        address payer = _payments[i].payer;
        uint256 refundable = _books[i].refundable;
        level = uint96(level % refundable);
        byOperator = byOperator && _payments[i].operator != payer;
        address sender = byOperator ? _payments[i].operator : _payments[i].payee;
        uint256 value = _equip(sender, _payments[i].token, refundable - level, address(escrow));
        _act(sender, value, abi.encodeCall(escrow.refund, (_payments[i], uint96(_books[i].held), level)));
        _books[i].refundable = level;
        gained[_payments[i].token][payer] += refundable - level;
    }

    function withdrawCredit(uint256 seed, uint256 which) external {
        (address owner, address currency) = (address(parties[seed % PARTIES]), currencies[which % CURRENCIES]);
        uint256 credit = escrow.credits(currency, owner);
        if (credit == 0) return;
        withdrawn[currency][owner] += credit;
        _act(owner, 0, abi.encodeCall(escrow.withdrawCredit, (currency, address(0xE15E))));
    }

    function pushCredit(uint256 seed, uint256 which) external {
        (address owner, address currency) = (address(parties[seed % PARTIES]), currencies[which % CURRENCIES]);
        if (escrow.credits(currency, owner) == 0) return;
        _reachable(owner, true);
        escrow.pushCredit(currency, owner);
    }

    function reach(uint256 seed, bool reachable) external {
        _reachable(address(parties[seed % PARTIES]), reachable);
    }

    function donate(uint64 amount, uint256 which) external {
        address currency = currencies[which % CURRENCIES];
        if (currency == address(0)) vm.deal(address(escrow), address(escrow).balance + amount);
        else MoodyToken(currency).mint(address(escrow), amount);
        donated[currency] += amount;
    }

    function pass(uint256 time) external {
        vm.warp(block.timestamp + time % 1 days);
    }

    /// @dev To a boundary second of a payment, or the second before it; never back.
    function passTo(uint256 seed, uint8 which, bool before) external {
        (bool found, uint256 i) = _find(seed, _holding);
        if (!found) return;
        uint256[3] memory boundaries = [uint256(_payments[i].captureFrom), _payments[i].authorizationExpiry, _end(i)];
        uint256 time = boundaries[which % 3] - (before ? 1 : 0);
        if (time > block.timestamp) vm.warp(time);
    }

    function _split(uint256 i, uint256 toPayee) private {
        _earned(i, toPayee);
        _givenBack(i, _books[i].held);
    }

    function _resolvable(uint256 i) private view returns (bool) {
        if (_payments[i].flags & 4 != 0) return _capturable(i);
        return _holding(i) && block.timestamp < _payments[i].authorizationExpiry;
    }

    function _payerMayDispute(uint256 i) private view returns (bool) {
        return _undisputed(i) && _payments[i].flags & 1 != 0;
    }

    function _payeeMayDispute(uint256 i) private view returns (bool) {
        return _undisputed(i) && _payments[i].flags & 2 != 0;
    }

    function _rulable(uint256 i) private view returns (bool) {
        bool begun = _payments[i].flags & 4 != 0 || block.timestamp >= _payments[i].authorizationExpiry;
        return _holding(i) && _books[i].disputedAt != 0 && begun && block.timestamp < _end(i);
    }

    function _over(uint256 i) private view returns (bool) {
        return _holding(i) && block.timestamp >= _end(i);
    }

    function _refundable(uint256 i) private view returns (bool) {
        return _books[i].refundable != 0 && block.timestamp < _payments[i].refundExpiry;
    }
}
