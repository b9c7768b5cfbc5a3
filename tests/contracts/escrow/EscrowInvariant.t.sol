// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Escrow} from "../../../contracts/escrow/Escrow.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {EscrowBooks} from "../support/EscrowBooks.sol";
import {EscrowHandler} from "../support/EscrowHandler.sol";
import {vm} from "../support/Vm.sol";

contract EscrowInvariantTest {
    Escrow private escrow;
    EscrowHandler private handler;

    function setUp() public {
        vm.warp(1_800_000_000);
        escrow = Escrow(vm.deployCode("chain/artifacts/Escrow.json"));
        handler = new EscrowHandler(escrow);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice No verb makes money or loses it: what is there is held, credited or donated, in every currency.
    function invariant_MoneyIsHeldCreditedOrDonated() public view {
        for (uint256 c; c < handler.CURRENCIES(); ++c) {
            address currency = handler.currencies(c);
            uint256 owed = heldIn(currency) + creditsIn(currency) + handler.donated(currency);
            vm.assertEq(handler.inHand(currency, address(escrow)), owed, "money");
        }
    }

    function heldIn(address currency) private view returns (uint256 sum) {
        for (uint256 i; i < handler.count(); ++i) {
            (Terms memory terms,) = handler.payment(i);
            if (terms.token != currency) continue;
            (uint96 held,,,) = escrow.holdingOf(escrow.paymentIdOf(terms));
            sum += held;
        }
    }

    function creditsIn(address currency) private view returns (uint256 sum) {
        for (uint256 i; i < handler.PARTIES(); ++i) {
            sum += escrow.credits(currency, address(handler.parties(i)));
        }
    }

    /// @notice No verb touches another payment; nobody is paid more than was put in; an id once used stays used.
    function invariant_EveryPaymentIsAsItsBooksSay() public view {
        for (uint256 i; i < handler.count(); ++i) {
            (Terms memory terms, EscrowBooks.Book memory book) = handler.payment(i);
            (uint96 held, uint96 refundable, uint48 disputedAt, bool used) = escrow.holdingOf(escrow.paymentIdOf(terms));
            vm.assertEq(held, book.held, "held");
            vm.assertEq(refundable, book.refundable, "refundable");
            vm.assertLe(uint256(held) + refundable, terms.amount, "above what was paid in");
            vm.assertTrue(used, "used for ever");
            if (held != 0) vm.assertEq(disputedAt, book.disputedAt, "disputedAt");
        }
    }

    /// @notice Each party has, in hand or as a credit, exactly its shares, fees and refunds: no slicing adds or evades a unit.
    function invariant_EverybodyHasExactlyItsShare() public view {
        for (uint256 c; c < handler.CURRENCIES(); ++c) {
            address currency = handler.currencies(c);
            for (uint256 i; i < handler.PARTIES(); ++i) {
                address party = address(handler.parties(i));
                uint256 has = handler.inHand(currency, party) + escrow.credits(currency, party);
                vm.assertEq(has + handler.withdrawn(currency, party), handler.gained(currency, party), "share");
            }
        }
    }

    /// @notice At every second, of a hold that is open, exactly one of its driver (operator, or arbiter) and the clock has the
    /// word; nobody's silence keeps it: at the end anyone can end it.
    function invariant_TheClockBeginsExactlyWhereTheOthersEnd() public {
        for (uint256 i; i < handler.count(); ++i) {
            (Terms memory terms, EscrowBooks.Book memory book) = handler.payment(i);
            if (book.held == 0) continue;
            bool ended = succeeds(address(this), abi.encodeCall(escrow.expire, (terms)));
            bool begun = block.timestamp >= terms.captureFrom;
            bytes memory word = abi.encodeCall(escrow.capture, (terms, 0));
            if (book.disputedAt != 0) {
                begun = terms.flags & 4 != 0 || block.timestamp >= terms.authorizationExpiry;
                word = abi.encodeCall(escrow.rule, (terms, 5000));
            }
            bool driven = succeeds(book.disputedAt == 0 ? terms.operator : terms.arbiter, word);
            vm.assertTrue(!(driven && ended), "two could take the same money");
            vm.assertTrue(driven || ended || !begun, "nobody has the word");
        }
    }

    /// @dev Only whether it would: the state is as before.
    function succeeds(address caller, bytes memory data) private returns (bool success) {
        uint256 snapshot = vm.snapshotState();
        vm.prank(caller);
        (success,) = address(escrow).call(data);
        vm.revertToState(snapshot);
    }

    /// @notice Whatever was done: when all time has passed everything that is held leaves, and every credit can be had.
    function afterInvariant() public {
        vm.warp(block.timestamp + 400 days);
        for (uint256 i; i < handler.count(); ++i) {
            (Terms memory terms, EscrowBooks.Book memory book) = handler.payment(i);
            if (book.held != 0) escrow.expire(terms);
        }
        for (uint256 c; c < handler.CURRENCIES(); ++c) {
            address currency = handler.currencies(c);
            for (uint256 i; i < handler.PARTIES(); ++i) {
                withdraw(currency, handler.parties(i));
            }
            vm.assertEq(handler.inHand(currency, address(escrow)), handler.donated(currency), "all left");
        }
    }

    function withdraw(address currency, MoodyParty party) private {
        if (escrow.credits(currency, address(party)) == 0) return;
        party.act(address(escrow), 0, abi.encodeCall(escrow.withdrawCredit, (currency, address(0xE15E))));
    }
}
