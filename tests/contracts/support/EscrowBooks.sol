// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Escrow} from "../../../contracts/escrow/Escrow.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {MoodyCondition} from "../mocks/MoodyCondition.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {Permit2} from "./Permit2.sol";
import {vm} from "./Vm.sol";

/// @notice Payments in three currencies between six parties that refuse money at times, and books of our own about them.
/// @dev The parties are wallets that sign whatever they are shown: who must sign is another test's.
abstract contract EscrowBooks {
    struct Book {
        uint256 held;
        uint256 refundable;
        uint256 disputedAt;
    }

    uint256 public constant PARTIES = 6;
    uint256 public constant CURRENCIES = 3;

    Escrow public immutable escrow;
    MoodyCondition private immutable _condition = new MoodyCondition();
    MoodyParty[PARTIES] public parties;
    /// @dev The first is native.
    address[CURRENCIES] public currencies;
    Terms[] internal _payments;
    mapping(uint256 payment => Book) internal _books;
    mapping(address currency => uint256) public donated;
    /// @notice What a party should have been given in all.
    mapping(address currency => mapping(address owner => uint256)) public gained;
    mapping(address currency => mapping(address owner => uint256)) public withdrawn;

    constructor(Escrow escrow_) {
        escrow = escrow_;
        Permit2.deploy();
        for (uint256 i; i < PARTIES; ++i) {
            parties[i] = new MoodyParty();
        }
        for (uint256 i = 1; i < CURRENCIES; ++i) {
            currencies[i] = address(new MoodyToken());
        }
    }

    function count() external view returns (uint256) {
        return _payments.length;
    }

    function payment(uint256 i) external view returns (Terms memory, Book memory) {
        return (_payments[i], _books[i]);
    }

    function inHand(address currency, address owner) public view returns (uint256) {
        return currency == address(0) ? owner.balance : MoodyToken(currency).truth(owner);
    }

    /// @dev Terms that may be funded now, with everything else as the dice fall. Roles may fall together.
    function _roll(uint256 dice) internal view returns (Terms memory terms) {
        uint256 first = dice % PARTIES;
        terms.payer = address(parties[first]);
        terms.payee = address(parties[(first + 1 + (dice >> 8) % (PARTIES - 1)) % PARTIES]);
        terms.operator = address(parties[(dice >> 16) % PARTIES]);
        terms.feeRecipient = address(parties[(dice >> 24) % PARTIES]);
        terms.token = currencies[(dice >> 32) % CURRENCIES];
        terms.amount = uint96(1 + (dice >> 160) % ((dice >> 40) % 2 == 0 ? 20_000 : type(uint96).max));
        (terms.condition, terms.conditionHash) = (address(_condition), keccak256(""));
        terms.payeeShareOnExpiryBps = uint16((dice >> 48) % 10_001);
        terms.payeeShareOnSilenceBps = uint16((dice >> 64) % 10_001);
        terms.feeBps = uint16((dice >> 80) % 10_001);
        terms.salt = uint96(_payments.length);
        _rollTimes(terms, dice >> 96);
    }

    function _rollTimes(Terms memory terms, uint256 dice) private view {
        uint48 now_ = uint48(block.timestamp);
        terms.flags = uint8(dice % 8);
        if (dice % 16 != 0) {
            terms.arbiter = address(parties[(dice >> 4) % PARTIES]);
            terms.rulingPeriod = uint32(1 hours + (dice >> 8) % 3 days);
        }
        terms.fundBy = now_ + 1;
        terms.captureFrom = terms.flags & 3 == 0 ? now_ : now_ + 1 + 1 hours;
        terms.authorizationExpiry = uint48(now_ + 1 + 1 hours + (dice >> 24) % 2 days);
        terms.refundExpiry = uint48(terms.authorizationExpiry + (dice >> 40) % 2 days);
    }

    function _book(Terms memory terms, uint256 held) internal {
        _books[_payments.length].held = held;
        _payments.push(terms);
    }

    function _earned(uint256 i, uint256 amount) internal {
        (Book storage book, Terms storage terms) = (_books[i], _payments[i]);
        uint256 fee = (book.refundable + amount) * terms.feeBps / 10_000 - book.refundable * terms.feeBps / 10_000;
        book.held -= amount;
        book.refundable += amount;
        gained[terms.token][terms.payee] += amount - fee;
        gained[terms.token][terms.feeRecipient] += fee;
    }

    function _givenBack(uint256 i, uint256 amount) internal {
        _books[i].held -= amount;
        gained[_payments[i].token][_payments[i].payer] += amount;
    }

    function _act(address party, uint256 value, bytes memory data) internal {
        MoodyParty(payable(party)).act(address(escrow), value, data);
    }

    function _reachable(address party, bool reachable) internal {
        MoodyParty(payable(party)).be(reachable ? MoodyParty.Mood.ACCEPTS : MoodyParty.Mood.REVERTS);
        for (uint256 i = 1; i < CURRENCIES; ++i) {
            MoodyToken(currencies[i]).deny(party, !reachable);
        }
    }

    /// @dev Who pays can be reached, or no token would let it pay; it gets what it pays, and allows one spender.
    function _equip(address from, address currency, uint256 amount, address spender) internal returns (uint256 value) {
        _reachable(from, true);
        if (currency == address(0)) {
            vm.deal(from, from.balance + amount);
            return amount;
        }
        MoodyToken(currency).mint(from, amount);
        MoodyParty(payable(from)).act(currency, 0, abi.encodeCall(MoodyToken.approve, (spender, amount)));
    }

    function _find(uint256 seed, function(uint256) view returns (bool) fits) internal view returns (bool, uint256) {
        for (uint256 i; i < _payments.length; ++i) {
            uint256 candidate = addmod(seed, i, _payments.length);
            if (fits(candidate)) return (true, candidate);
        }
        return (false, 0);
    }

    function _holding(uint256 i) internal view returns (bool) {
        return _books[i].held != 0;
    }

    function _undisputed(uint256 i) internal view returns (bool) {
        return _holding(i) && _books[i].disputedAt == 0 && block.timestamp < _payments[i].authorizationExpiry;
    }

    function _capturable(uint256 i) internal view returns (bool) {
        return _undisputed(i) && block.timestamp >= _payments[i].captureFrom;
    }

    function _end(uint256 i) internal view returns (uint256 end) {
        (Book storage book, Terms storage terms) = (_books[i], _payments[i]);
        end = terms.authorizationExpiry;
        if (book.disputedAt == 0) return end;
        if (terms.flags & 4 == 0) return end + terms.rulingPeriod;
        return book.disputedAt + terms.rulingPeriod > end ? book.disputedAt + terms.rulingPeriod : end;
    }
}
