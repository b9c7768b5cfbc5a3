// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Signatures} from "../../../contracts/types/DuplexMessages.sol";
import {MoodyWallet} from "../mocks/MoodyWallet.sol";
import {DuplexSubmissions} from "../support/DuplexSubmissions.sol";
import {vm} from "../support/Vm.sol";

interface Delegating {
    struct SignedDelegation {
        uint8 v;
        bytes32 r;
        bytes32 s;
        uint64 nonce;
        address implementation;
    }

    function signAndAttachDelegation(address implementation, uint256 key) external returns (SignedDelegation memory);
}

/// @notice Who must sign what, by which key, and in which form: for every verb and every caller.
contract DuplexSignaturesTest is DuplexSubmissions {
    uint256 private constant OTHER_KEY = 0xE41;

    function test_Signatures_OfBothAreEnoughWhoeverCalls() public {
        for (uint256 i = 0; i < VERBS * 3; ++i) {
            (Verb verb, address caller) = (Verb(i / 3), callers()[i % 3]);
            if (isLegal(verb, caller)) goesThrough(verb, caller, good(verb));
        }
    }

    /// @dev Only its own, and only where it is asked as a party of the channel.
    function test_Signatures_OfTheCallerItselfMayBeLeftZero() public {
        for (uint256 i = 0; i < VERBS * 3; ++i) {
            (Verb verb, address caller) = (Verb(i / 3), callers()[i % 3]);
            if (!isLegal(verb, caller)) continue;
            Signatures memory given = good(verb);
            if (!needs(verb, caller, true)) (given.rA, given.vsA) = (0, 0);
            if (!needs(verb, caller, false)) (given.rB, given.vsB) = (0, 0);
            goesThrough(verb, caller, given);
        }
    }

    function test_Signatures_RevertWhen_TheyAreOfAnotherForm() public {
        forEach(refusesForms);
    }

    function test_Signatures_RevertWhen_AnotherKeySigned() public {
        forEach(refusesKeys);
    }

    /// @dev The keys' code (EIP-7702) has no word in it, neither against their signatures nor for another's.
    function test_Signatures_CountAfterTheKeysDelegated() public {
        Signatures[] memory before = new Signatures[](VERBS);
        for (uint256 verb = 0; verb < VERBS; ++verb) {
            before[verb] = good(Verb(verb));
        }
        delegate(KEY_A, MoodyWallet.Mood.SAYS_NO);
        delegate(KEY_B, MoodyWallet.Mood.SAYS_YES);
        for (uint256 verb = 0; verb < VERBS; ++verb) {
            goesThrough(Verb(verb), verb == 0 ? partyA : stranger, before[verb]);
            goesThrough(Verb(verb), partyB, before[verb]);
        }
        forEach(refusesKeys);
    }

    /// @dev A party that is a wallet, with code that says yes to everything, signs nothing: the keys are in the id.
    function test_Signatures_OfAPartysWalletAreNotAskedFor() public {
        bytes memory code = address(new MoodyWallet()).code;
        vm.etch(partyA, code);
        vm.etch(partyB, code);
        forEach(refusesForms);
    }

    /// @dev Most high s have no place beside the parity at all; those that have one are nobody's signature.
    function refusesForms(Attempt memory attempt) private {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(attempt.ofA ? KEY_A : KEY_B, attempt.digest);
        uint8 otherV = v == 27 ? 28 : 27;
        refuses(attempt, 0, 0, address(0));
        refuses(attempt, 0, compact(v, uint256(s)), address(0));
        refuses(attempt, r, 0, address(0));
        refuses(attempt, r, compact(v, ORDER / 2 + 1), address(0));
        refuses(attempt, r, compact(otherV, ORDER / 2 + 1), address(0));
        refusesRecovered(attempt, r, compact(otherV, uint256(s)));
        refusesRecovered(attempt, r, compact(otherV, ORDER - uint256(s)));
    }

    function refusesRecovered(Attempt memory attempt, bytes32 r, bytes32 vs) private {
        address found = uint256(vs << 1) >> 1 > ORDER / 2 ? address(0) : recovered(attempt.digest, r, vs);
        refuses(attempt, r, vs, found);
    }

    function refusesKeys(Attempt memory attempt) private {
        uint256[2] memory keys = [OTHER_KEY, attempt.ofA ? KEY_B : KEY_A];
        for (uint256 i = 0; i < keys.length; ++i) {
            (bytes32 r, bytes32 vs) = sign(keys[i], attempt.digest);
            refuses(attempt, r, vs, vm.addr(keys[i]));
        }
    }

    function delegate(uint256 key, MoodyWallet.Mood mood) private {
        address wallet = address(new MoodyWallet());
        Delegating(address(vm)).signAndAttachDelegation(wallet, key);
        MoodyWallet(vm.addr(key)).be(mood);
        vm.assertEq(bytes32(vm.addr(key).code), bytes32(abi.encodePacked(hex"ef0100", wallet)), "delegated");
    }
}
