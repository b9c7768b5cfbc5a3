// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MoodyWallet} from "../mocks/MoodyWallet.sol";
import {vm} from "../support/Vm.sol";
import {SignatureCase} from "./SignatureCase.sol";

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

contract DelegationTest is SignatureCase {
    /// @dev A delegation that the key itself signed (EIP-7702), taken in by a transaction.
    function test_SignedBy_TheKeyCountsAfterItDelegated() public {
        bytes memory before = signed(KEY, DIGEST);
        MoodyWallet wallet = new MoodyWallet();
        Delegating(address(vm)).signAndAttachDelegation(address(wallet), KEY);

        MoodyWallet(signer).be(MoodyWallet.Mood.SAYS_NO);

        vm.assertEq(bytes32(signer.code), bytes32(abi.encodePacked(hex"ef0100", address(wallet))), "delegated");
        vm.assertTrue(this.isSignedBy(DIGEST, signer, before), "signed before the delegation");
        vm.assertTrue(!this.isSignedBy(DIGEST, signer, signed(KEY + 1, DIGEST)), "another key");
    }

    function test_SignedBy_ADelegatedKeyMaySpeakAsAWallet() public {
        Delegating(address(vm)).signAndAttachDelegation(address(new MoodyWallet()), KEY);
        MoodyWallet(signer).be(MoodyWallet.Mood.SAYS_YES);

        vm.assertTrue(this.isSignedBy(DIGEST, signer, "whatever its code takes"), "as a wallet");
    }
}
