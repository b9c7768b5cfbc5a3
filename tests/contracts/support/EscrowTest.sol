// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Escrow} from "../../../contracts/escrow/Escrow.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {vm} from "./Vm.sol";

/// @notice An escrow, a token, the parties, and terms that each test bends to its needs.
abstract contract EscrowTest {
    uint48 internal constant START = 1_800_000_000;
    uint96 internal constant AMOUNT = 1_000_003;
    address internal constant NATIVE = address(0);

    Escrow internal escrow;
    MoodyToken internal token;
    Terms internal terms;

    uint256 internal constant PAYER_KEY = 0xA11CE;
    uint256 internal constant PAYEE_KEY = 0xB6E;
    uint256 internal constant ARBITER_KEY = 0xAB17;

    address internal payer = vm.addr(PAYER_KEY);
    address internal payee = vm.addr(PAYEE_KEY);
    address internal operator = address(0x0BE8);
    address internal arbiter = vm.addr(ARBITER_KEY);
    address internal feeRecipient = address(0xFEE);
    address internal stranger = address(0x57A6);

    function setUp() public virtual {
        vm.warp(START);
        escrow = Escrow(vm.deployCode("chain/artifacts/Escrow.json"));
        token = new MoodyToken();
        terms.payer = payer;
        terms.payee = payee;
        terms.token = address(token);
        terms.amount = AMOUNT;
        terms.operator = operator;
        terms.fundBy = START + 1 hours;
        terms.captureFrom = START + 2 hours;
        terms.authorizationExpiry = START + 1 days;
        terms.refundExpiry = START + 30 days;
        terms.payeeShareOnExpiryBps = 3333;
        terms.feeBps = 250;
        terms.feeRecipient = feeRecipient;
        terms.salt = 1;
    }

    /// @dev The payer has exactly the money, the escrow exactly the allowance.
    function equip(address from, uint256 amount) internal returns (uint256 value) {
        if (terms.token == NATIVE) {
            vm.deal(from, from.balance + amount);
            return amount;
        }
        MoodyToken(terms.token).mint(from, amount);
        vm.prank(from);
        MoodyToken(terms.token).approve(address(escrow), amount);
    }

    /// @dev Turns the clock back to fund where need be, and leaves it where the operator may act.
    function authorized() internal returns (bytes32 paymentId) {
        if (block.timestamp >= terms.fundBy) vm.warp(START);
        uint256 value = equip(terms.payer, terms.amount);
        vm.prank(terms.payer);
        paymentId = escrow.authorize{value: value}(terms);
        if (block.timestamp < terms.captureFrom) vm.warp(terms.captureFrom);
    }

    function arbitrated(uint8 flags) internal {
        (terms.arbiter, terms.rulingPeriod, terms.flags) = (arbiter, 2 days, flags);
        terms.payeeShareOnSilenceBps = 6001;
    }

    function dispute() internal {
        vm.prank(terms.payer);
        escrow.dispute(terms, bytes32(0));
    }

    function capture(uint96 heldAfter) internal {
        vm.prank(terms.operator);
        escrow.capture(terms, heldAfter);
    }

    /// @dev With money of the sender's own.
    function refund(address sender, uint96 held, uint96 refundableAfter, uint256 amount) internal {
        uint256 value = equip(sender, amount);
        vm.prank(sender);
        escrow.refund{value: value}(terms, held, refundableAfter);
    }

    function id() internal view returns (bytes32) {
        return escrow.paymentIdOf(terms);
    }

    function feeOn(uint256 amount) internal view returns (uint256) {
        return amount * terms.feeBps / 10_000;
    }

    function balanceOf(address owner) internal view returns (uint256) {
        if (terms.token == NATIVE) return owner.balance;
        return terms.token == address(token) ? token.truth(owner) : IERC20(terms.token).balanceOf(owner);
    }

    function creditOf(address owner) internal view returns (uint256) {
        return escrow.credits(terms.token, owner);
    }

    function assertHolding(uint256 held, uint256 refundable) internal view {
        assertHolding(id(), held, refundable, 0);
    }

    function assertHolding(bytes32 paymentId, uint256 held, uint256 refundable, uint256 disputedAt) internal view {
        (uint96 held_, uint96 refundable_, uint48 disputedAt_, bool used) = escrow.holdingOf(paymentId);
        vm.assertEq(held_, held, "held");
        vm.assertEq(refundable_, refundable, "refundable");
        vm.assertEq(disputedAt_, disputedAt, "disputedAt");
        vm.assertTrue(used, "used");
    }

    function assertUnused(bytes32 paymentId) internal view {
        (,,, bool used) = escrow.holdingOf(paymentId);
        vm.assertTrue(!used, "unused");
    }

    function assertBalance(address owner, uint256 amount) internal view {
        vm.assertEq(balanceOf(owner), amount, "balance");
    }

    function assertCredit(address owner, uint256 amount) internal view {
        vm.assertEq(creditOf(owner), amount, "credit");
    }

    /// @dev What the escrow owes for this payment and to these parties is what it has.
    function assertSolvent() internal view {
        (uint96 held,,,) = escrow.holdingOf(id());
        uint256 owed = held + creditOf(terms.payer) + creditOf(terms.payee) + creditOf(terms.feeRecipient);
        vm.assertEq(balanceOf(address(escrow)), owed, "solvent");
    }
}
