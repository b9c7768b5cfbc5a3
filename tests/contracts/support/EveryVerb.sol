// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MoodyCondition} from "../mocks/MoodyCondition.sol";
import {EscrowTest} from "./EscrowTest.sol";
import {vm} from "./Vm.sol";

/// @notice The verbs that lower a hold, told apart only by a number: for tables over all of them.
abstract contract EveryVerb is EscrowTest {
    enum Verb {
        CAPTURE,
        RELEASE,
        VOID,
        RESOLVE,
        EXPIRE
    }

    uint256 internal constant VERBS = 5;

    function setUp() public virtual override {
        super.setUp();
        (terms.condition, terms.conditionHash) = (address(new MoodyCondition()), keccak256(""));
    }

    /// @dev Where the verb is legal, with everything still held.
    function ready(Verb verb) internal returns (bytes32 paymentId) {
        paymentId = authorized();
        if (verb == Verb.EXPIRE) vm.warp(terms.authorizationExpiry);
    }

    /// @dev Moves all that is held.
    function callOf(Verb verb) internal view returns (address caller, bytes memory data) {
        if (verb == Verb.CAPTURE) return (terms.operator, abi.encodeCall(escrow.capture, (terms, 0)));
        if (verb == Verb.RELEASE) return (terms.payer, abi.encodeCall(escrow.release, (terms, 0)));
        if (verb == Verb.VOID) return (terms.payee, abi.encodeCall(escrow.void, (terms, 0)));
        if (verb == Verb.RESOLVE) return (stranger, abi.encodeCall(escrow.resolve, (terms, "", abi.encode(AMOUNT))));
        return (stranger, abi.encodeCall(escrow.expire, (terms)));
    }

    function run(Verb verb) internal returns (uint256 gasUsed) {
        (address caller, bytes memory data) = callOf(verb);
        gasUsed = gasleft();
        vm.prank(caller);
        (bool success,) = address(escrow).call(data);
        gasUsed -= gasleft();
        vm.assertTrue(success, "the verb went through");
    }

    /// @dev What each party should have in all, in hand or as a credit.
    function due(Verb verb) internal view returns (uint256 toPayer, uint256 toPayee, uint256 toFee) {
        if (verb == Verb.VOID) return (AMOUNT, 0, 0);
        uint256 gross = verb == Verb.EXPIRE ? uint256(AMOUNT) * terms.payeeShareOnExpiryBps / 10_000 : AMOUNT;
        toFee = feeOn(gross);
        return (AMOUNT - gross, gross - toFee, toFee);
    }
}
