// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {Amendment} from "../../../contracts/types/Amendment.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {MoodyCondition} from "../mocks/MoodyCondition.sol";
import {Signing} from "./Signing.sol";
import {vm} from "./Vm.sol";

/// @notice The verbs that pay from a hold, told apart only by a number: for tables over all of them.
abstract contract EveryVerb is Signing {
    enum Verb {
        CAPTURE,
        CHARGE,
        RELEASE,
        RELEASE_BY_SIG,
        VOID,
        VOID_BY_SIG,
        RESOLVE,
        EXPIRE,
        EXPIRE_DISPUTED,
        RULE,
        RULE_BY_SIG,
        SETTLE,
        AMEND
    }

    uint256 internal constant VERBS = 13;
    uint16 internal constant RULED = 4321;
    uint96 internal constant TO_PAYER = 345_678;
    /// @dev What an amendment keeps held, under the new id.
    uint96 internal constant KEPT = 1000;
    uint48 internal constant LATEST = START + 60 days;

    function setUp() public virtual override {
        super.setUp();
        (terms.condition, terms.conditionHash) = (address(new MoodyCondition()), keccak256(""));
        arbitrated(7);
    }

    /// @dev Where the verb is legal, with everything still held.
    function ready(Verb verb) internal returns (bytes32 paymentId) {
        paymentId = authorized();
        if (verb == Verb.EXPIRE) vm.warp(terms.authorizationExpiry);
        if (verb != Verb.RULE && verb != Verb.RULE_BY_SIG && verb != Verb.EXPIRE_DISPUTED) return paymentId;
        dispute();
        if (verb == Verb.EXPIRE_DISPUTED) vm.warp(block.timestamp + terms.rulingPeriod);
    }

    /// @dev Moves all that is held. Who needs no signature to bring it is a stranger.
    function callOf(Verb verb) internal view returns (address caller, bytes memory data) {
        if (verb == Verb.CAPTURE) return (terms.operator, abi.encodeCall(escrow.capture, (terms, 0)));
        if (verb == Verb.CHARGE) {
            return (terms.operator, abi.encodeCall(IEscrow.charge, (terms, IFunding.Method.ALLOWANCE, "")));
        }
        if (verb == Verb.RELEASE) return (terms.payer, abi.encodeCall(escrow.release, (terms, 0)));
        if (verb == Verb.VOID) return (terms.payee, abi.encodeCall(escrow.void, (terms, 0)));
        if (verb == Verb.RULE) return (terms.arbiter, abi.encodeCall(escrow.rule, (terms, RULED)));
        return (stranger, dataOf(verb));
    }

    function dataOf(Verb verb) private view returns (bytes memory) {
        if (verb == Verb.RESOLVE) return abi.encodeCall(escrow.resolve, (terms, "", abi.encode(AMOUNT)));
        if (verb == Verb.RELEASE_BY_SIG) {
            bytes memory signed = signedBy(terms.payer, consent(RELEASE, 0, LATEST));
            return abi.encodeCall(escrow.releaseBySig, (terms, 0, LATEST, signed));
        }
        if (verb == Verb.VOID_BY_SIG) {
            bytes memory signed = signedBy(terms.payee, consent(VOID, 0, LATEST));
            return abi.encodeCall(escrow.voidBySig, (terms, 0, LATEST, signed));
        }
        if (verb == Verb.RULE_BY_SIG) {
            (,, uint48 disputedAt,) = escrow.holdingOf(id());
            bytes memory signed = signedBy(terms.arbiter, consent(RULING, disputedAt, RULED));
            return abi.encodeCall(escrow.ruleBySig, (terms, RULED, signed));
        }
        if (verb == Verb.SETTLE) return settlement();
        if (verb == Verb.AMEND) return amending();
        return abi.encodeCall(escrow.expire, (terms));
    }

    function settlement() private view returns (bytes memory) {
        bytes32 digest = consent(SETTLE, TO_PAYER, LATEST);
        bytes memory payers = signedBy(terms.payer, digest);
        return abi.encodeCall(escrow.settle, (terms, TO_PAYER, LATEST, payers, signedBy(terms.payee, digest)));
    }

    function amending() private view returns (bytes memory) {
        Terms memory to = amended();
        Amendment memory amendment = Amendment(AMOUNT, 0, AMOUNT - KEPT, LATEST);
        bytes32 digest = amendDigest(id(), to, amendment);
        bytes[] memory signed = new bytes[](4);
        (signed[0], signed[1]) = (signedBy(terms.payer, digest), signedBy(terms.payee, digest));
        return abi.encodeCall(IEscrow.amend, (terms, to, amendment, signed, IFunding.Method.ALLOWANCE, ""));
    }

    function amended() internal view returns (Terms memory to) {
        to = terms;
        (to.amount, to.salt) = (KEPT, terms.salt + 1000);
        (to.fundBy, to.captureFrom) = (START + 3 hours, START + 4 hours);
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
        if (verb == Verb.VOID || verb == Verb.VOID_BY_SIG) return (AMOUNT, 0, 0);
        if (verb == Verb.AMEND) return (AMOUNT - KEPT, 0, 0);
        uint256 gross = grossOf(verb);
        toFee = feeOn(gross);
        return (AMOUNT - gross, gross - toFee, toFee);
    }

    function grossOf(Verb verb) private view returns (uint256) {
        if (verb == Verb.SETTLE) return AMOUNT - TO_PAYER;
        if (verb == Verb.EXPIRE) return uint256(AMOUNT) * terms.payeeShareOnExpiryBps / 10_000;
        if (verb == Verb.EXPIRE_DISPUTED) return uint256(AMOUNT) * terms.payeeShareOnSilenceBps / 10_000;
        return verb == Verb.RULE || verb == Verb.RULE_BY_SIG ? uint256(AMOUNT) * RULED / 10_000 : AMOUNT;
    }

    function keptBy(Verb verb) internal pure returns (uint256) {
        return verb == Verb.AMEND ? KEPT : 0;
    }
}
