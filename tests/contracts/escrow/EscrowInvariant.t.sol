// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Escrow} from "../../../contracts/escrow/Escrow.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
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

    function owed(address token) private view returns (uint256 sum) {
        for (uint256 i; i < handler.count(); ++i) {
            (Terms memory terms,) = handler.payment(i);
            if (terms.token != token) continue;
            (uint96 held,,,) = escrow.holdingOf(escrow.paymentIdOf(terms));
            sum += held;
        }
        for (uint256 i; i < 4; ++i) {
            sum += escrow.credits(token, address(handler.parties(i)));
        }
    }

    /// @notice What is there is what is held, credited or donated: no verb makes money or loses it.
    function invariant_TokensAreHeldCreditedOrDonated() public view {
        address token = address(handler.token());
        uint256 balance = handler.token().balanceOf(address(escrow));
        vm.assertEq(balance, owed(token) + handler.donated(token), "tokens");
    }

    function invariant_NativeCurrencyIsHeldCreditedOrDonated() public view {
        vm.assertEq(address(escrow).balance, owed(address(0)) + handler.donated(address(0)), "native");
    }

    /// @notice The payee is never paid more than was put in, and an id once used stays used.
    function invariant_EveryPaymentIsAsItsBooksSay() public view {
        for (uint256 i; i < handler.count(); ++i) {
            (Terms memory terms, EscrowHandler.Book memory book) = handler.payment(i);
            (uint96 held, uint96 refundable, uint48 disputedAt, bool used) = escrow.holdingOf(escrow.paymentIdOf(terms));
            vm.assertEq(held, book.held, "held");
            vm.assertEq(refundable, book.refundable, "refundable");
            vm.assertLe(refundable, terms.amount - held, "refundable above what was paid");
            vm.assertTrue(used && disputedAt == 0, "used for ever, undisputed");
        }
    }

    /// @notice Slices, refunds and expiries neither add to the fees nor evade them.
    function invariant_TheFeesAreAsTheBooksSay() public view {
        address[2] memory tokens = [address(0), address(handler.token())];
        address recipient = address(handler.parties(3));
        for (uint256 t; t < 2; ++t) {
            uint256 fees;
            for (uint256 i; i < handler.count(); ++i) {
                (Terms memory terms, EscrowHandler.Book memory book) = handler.payment(i);
                if (terms.token == tokens[t]) fees += book.feeTaken;
            }
            uint256 inHand = t == 0 ? recipient.balance : handler.token().balanceOf(recipient);
            uint256 withdrawn = handler.withdrawn(tokens[t], recipient);
            vm.assertEq(inHand + withdrawn + escrow.credits(tokens[t], recipient), fees, "fees");
        }
    }
}
