// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Signatures} from "../../../contracts/types/DuplexMessages.sol";
import {DuplexSubmissions} from "../support/DuplexSubmissions.sol";
import {vm} from "../support/Vm.sol";

/// @notice What was signed counts for one message of one type, of one channel and epoch, of one contract on one chain.
contract DuplexReplayTest is DuplexSubmissions {
    /// @dev The lowest bit of each: channel id, epoch, version, net, promises, both amounts, deadline.
    function test_Replay_OfAMessageThatDiffersInAnyMemberReverts() public {
        forEach(refusesMembers);
    }

    /// @dev The same members, signed as a message of another type.
    function test_Replay_OfAMessageOfAnotherTypeReverts() public {
        forEach(refusesTypes);
    }

    function test_Replay_FromAnotherChainOrContractReverts() public {
        forEach(refusesDomains);
    }

    function test_Replay_AfterTheChainForkedReverts() public {
        forEach(refusesForks);
    }

    /// @dev The contract computes its domain anew where the chain has another number.
    function test_Replay_AfterTheChainForkedOnlyTheNewSignaturesCount() public {
        vm.chainId(block.chainid + 1);
        for (uint256 verb = 0; verb < VERBS; ++verb) {
            goesThrough(Verb(verb), partyA, good(Verb(verb)));
        }
    }

    /// @dev The same channel, at the same epoch, under the same keys, in another deployment.
    function test_Replay_InASecondDeploymentReverts() public {
        Signatures[] memory given = new Signatures[](VERBS);
        for (uint256 verb = 0; verb < VERBS; ++verb) {
            given[verb] = good(Verb(verb));
        }
        setUp();
        for (uint256 i = 0; i < VERBS; ++i) {
            Verb verb = Verb(i);
            (bytes32 r, bytes32 vs) = (given[i].rA, given[i].vsA);
            if (verb == Verb.CHALLENGE_FOR_B) (r, vs) = (given[i].rB, given[i].vsB);
            address found = recovered(digestOf(kindOf(verb), wordsOf(verb)), r, vs);
            uint256 state = vm.snapshotState();
            ready(verb);
            vm.expectRevert(invalidSignature(found, verb == Verb.CHALLENGE_FOR_B ? signerB : signerA));
            send(verb, verb == Verb.CHALLENGE ? partyB : stranger, given[i]);
            vm.revertToState(state);
        }
    }

    /// @dev What is signed is hashed as it came in: a word with bits above its type would be a second form of a message.
    function test_Replay_OfAMemberWithDirtyHighBitsReverts() public {
        for (uint256 i = 0; i < VERBS; ++i) {
            bytes memory words = wordsOf(Verb(i));
            for (uint256 word = 1; word < words.length / 32; ++word) {
                if (isFullWidth(Verb(i), word)) continue;
                uint256 state = vm.snapshotState();
                ready(Verb(i));
                bytes memory dirty = bytes.concat(words);
                dirty[32 * word] = 0x01;
                bytes memory data = dataOf(Verb(i), signBoth(kindOf(Verb(i)), dirty));
                data[placeOf(Verb(i), word)] = 0x01;
                vm.prank(partyA);
                (bool success, bytes memory reason) = address(duplexes).call(data);
                vm.assertTrue(!success && reason.length == 0, "refused by the decoder");
                vm.revertToState(state);
            }
        }
    }

    /// @dev The net and the promises' hash.
    function isFullWidth(Verb verb, uint256 word) private pure returns (bool) {
        if (verb == Verb.CLOSE || verb == Verb.WITHDRAW) return word == 2;
        return word > 2 && verb != Verb.CHALLENGE_FOR_A && verb != Verb.CHALLENGE_FOR_B;
    }

    /// @dev In calldata: after the six words of the channel; a relayed challenge's deadline after the signatures and byA.
    function placeOf(Verb verb, uint256 word) private pure returns (uint256) {
        bool isDeadline = word == 3 && (verb == Verb.CHALLENGE_FOR_A || verb == Verb.CHALLENGE_FOR_B);
        return 4 + 32 * (6 + (isDeadline ? 9 : word - 1));
    }

    function refusesMembers(Attempt memory attempt) private {
        bytes memory words = wordsOf(attempt.verb);
        for (uint256 word = 0; word < words.length / 32; ++word) {
            refusesDigest(attempt, digestOf(kindOf(attempt.verb), flip(words, word)));
        }
    }

    function refusesTypes(Attempt memory attempt) private {
        string[6] memory kinds = [STATE, CHALLENGE, CLOSE_TOGETHER, WITHDRAW_TOGETHER, PROMISE, PROMISES];
        for (uint256 i = 0; i < kinds.length; ++i) {
            bytes32 other = digestOf(kinds[i], wordsOf(attempt.verb));
            if (other != attempt.digest) refusesDigest(attempt, other);
        }
    }

    function refusesDomains(Attempt memory attempt) private {
        bytes32 hash = structHash(kindOf(attempt.verb), wordsOf(attempt.verb));
        refusesDigest(attempt, typedData(separatorOf(block.chainid + 1, address(duplexes)), hash));
        refusesDigest(attempt, typedData(separatorOf(block.chainid, stranger), hash));
        refusesDigest(attempt, hash);
        refusesDigest(attempt, keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", hash)));
    }

    function refusesForks(Attempt memory attempt) private {
        bytes32 old = attempt.digest;
        vm.chainId(block.chainid + 1);
        attempt.digest = digestOf(kindOf(attempt.verb), wordsOf(attempt.verb));
        refusesDigest(attempt, old);
        vm.chainId(block.chainid - 1);
    }
}
