// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {CloseTogether, Signatures, State, WithdrawTogether} from "../../../contracts/types/DuplexMessages.sol";
import {DuplexCase} from "./DuplexCase.sol";
import {vm} from "./Vm.sol";

/// @notice Every verb that takes signatures, by every caller, told apart only by a number: for tables over all of them.
abstract contract DuplexSubmissions is DuplexCase {
    enum Verb {
        CHALLENGE,
        CHALLENGE_BY_SIG, // its state's signatures
        CHALLENGE_FOR_A, // the party's own word
        CHALLENGE_FOR_B,
        ANSWER,
        CLOSE,
        WITHDRAW
    }

    /// @dev One signature of a verb's message: in whose place it stands, and what it should be of.
    struct Attempt {
        Verb verb;
        address caller;
        bool ofA;
        bytes32 digest;
    }

    uint256 internal constant VERBS = 7;
    uint32 internal constant EPOCH = 1;
    uint64 internal constant VERSION = 6;
    int256 internal constant NET = 100;
    uint96 internal constant TO_A = 20;
    uint96 internal constant TO_B = 30;
    bytes32 internal constant SOME_PROMISES = keccak256("some promises");

    /// @dev In the second epoch, so that there is one before.
    function setUp() public virtual override {
        super.setUp();
        open();
        closeTogether(0);
        open();
    }

    function callers() internal view returns (address[3] memory) {
        return [stranger, partyA, partyB];
    }

    /// @dev A stranger can't challenge at all.
    function isLegal(Verb verb, address caller) internal view returns (bool) {
        return verb != Verb.CHALLENGE || caller != stranger;
    }

    /// @return whether that verb by that caller needs the signature of A, or else of B
    function needs(Verb verb, address caller, bool ofA) internal view returns (bool) {
        if (verb == Verb.CHALLENGE_FOR_A) return ofA;
        if (verb == Verb.CHALLENGE_FOR_B) return !ofA;
        return caller != (ofA ? partyA : partyB);
    }

    function kindOf(Verb verb) internal pure returns (string memory) {
        if (verb == Verb.CLOSE) return CLOSE_TOGETHER;
        if (verb == Verb.WITHDRAW) return WITHDRAW_TOGETHER;
        return verb == Verb.CHALLENGE_FOR_A || verb == Verb.CHALLENGE_FOR_B ? CHALLENGE : STATE;
    }

    /// @return the members of the message that the verb's signatures are for
    function wordsOf(Verb verb) internal view returns (bytes memory) {
        if (verb == Verb.CLOSE) return wordsOf(closing());
        if (verb == Verb.WITHDRAW) return wordsOf(withdrawing());
        if (verb == Verb.CHALLENGE_FOR_A || verb == Verb.CHALLENGE_FOR_B) {
            return abi.encode(channelId, EPOCH, VERSION, LATEST);
        }
        return wordsOf(posted());
    }

    function posted() internal pure returns (State memory) {
        return State(EPOCH, VERSION, NET, SOME_PROMISES);
    }

    function closing() private pure returns (CloseTogether memory) {
        return CloseTogether(EPOCH, NET, LATEST);
    }

    function withdrawing() private pure returns (WithdrawTogether memory) {
        return WithdrawTogether(EPOCH, NET, TO_A, TO_B, LATEST);
    }

    /// @dev An answer needs something to answer.
    function ready(Verb verb) internal {
        if (verb != Verb.ANSWER) return;
        vm.prank(partyA);
        duplexes.challenge(channel, stateOf(0, 0), Signatures(0, 0, 0, 0));
    }

    /// @param given what the verb's own message is signed with; whatever else it needs is signed as it should be
    function dataOf(Verb verb, Signatures memory given) internal view returns (bytes memory) {
        if (verb == Verb.CHALLENGE) return abi.encodeCall(IDuplexChannels.challenge, (channel, posted(), given));
        if (verb == Verb.ANSWER) return abi.encodeCall(IDuplexChannels.answer, (channel, posted(), given));
        if (verb == Verb.CLOSE) return abi.encodeCall(IDuplexChannels.closeTogether, (channel, closing(), given));
        if (verb == Verb.WITHDRAW) {
            return abi.encodeCall(IDuplexChannels.withdrawTogether, (channel, withdrawing(), given));
        }
        bool byA = verb != Verb.CHALLENGE_FOR_B;
        (bytes32 r, bytes32 vs) = byA ? (given.rA, given.vsA) : (given.rB, given.vsB);
        if (verb == Verb.CHALLENGE_BY_SIG) (r, vs) = sign(KEY_A, digestOf(CHALLENGE, wordsOf(Verb.CHALLENGE_FOR_A)));
        else given = signed(posted());
        return abi.encodeCall(IDuplexChannels.challengeBySig, (channel, posted(), given, byA, LATEST, r, vs));
    }

    function send(Verb verb, address caller, Signatures memory given) internal {
        bytes memory data = dataOf(verb, given);
        vm.prank(caller);
        (bool success,) = address(duplexes).call(data);
        vm.assertTrue(success, "it went through");
    }

    function good(Verb verb) internal view returns (Signatures memory) {
        return signBoth(kindOf(verb), wordsOf(verb));
    }

    /// @dev Every signature that is needed of anybody, by each caller, in a state in which the verb is legal.
    function forEach(function(Attempt memory) internal refuse) internal {
        for (uint256 i = 0; i < VERBS * 6; ++i) {
            (Verb verb, address caller, bool ofA) = (Verb(i / 6), callers()[i / 2 % 3], i % 2 == 0);
            if (!isLegal(verb, caller) || !needs(verb, caller, ofA)) continue;
            uint256 state = vm.snapshotState();
            ready(verb);
            refuse(Attempt(verb, caller, ofA, digestOf(kindOf(verb), wordsOf(verb))));
            vm.revertToState(state);
        }
    }

    /// @param found whom the contract takes for the signer
    function refuses(Attempt memory attempt, bytes32 r, bytes32 vs, address found) internal {
        Signatures memory given = good(attempt.verb);
        if (attempt.ofA) (given.rA, given.vsA) = (r, vs);
        else (given.rB, given.vsB) = (r, vs);
        vm.expectRevert(invalidSignature(found, attempt.ofA ? signerA : signerB));
        send(attempt.verb, attempt.caller, given);
    }

    /// @dev The right key's signature of another digest.
    function refusesDigest(Attempt memory attempt, bytes32 other) internal {
        (bytes32 r, bytes32 vs) = sign(attempt.ofA ? KEY_A : KEY_B, other);
        refuses(attempt, r, vs, recovered(attempt.digest, r, vs));
    }

    function goesThrough(Verb verb, address caller, Signatures memory given) internal {
        uint256 state = vm.snapshotState();
        ready(verb);
        send(verb, caller, given);
        vm.revertToState(state);
    }
}
