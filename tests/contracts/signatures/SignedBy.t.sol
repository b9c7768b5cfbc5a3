// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MoodyWallet} from "../mocks/MoodyWallet.sol";
import {vm} from "../support/Vm.sol";
import {SignatureCase} from "./SignatureCase.sol";

interface ExpectCall {
    function expectCall(address callee, bytes calldata data, uint64 count) external;
}

contract SignedByTest is SignatureCase {
    function assertSigned(address who, bytes memory signature, bool expected, string memory what) private view {
        vm.assertTrue(this.isSignedBy(DIGEST, who, signature) == expected, what);
    }

    /// @dev With gas that a burner can't burn all of: whatever a wallet does, the asking call ends well.
    function bounded(address who, bytes memory signature) private view returns (bool) {
        bytes memory question = abi.encodeCall(this.isSignedBy, (DIGEST, who, signature));
        (bool success, bytes memory answer) = address(this).staticcall{gas: 20_000_000}(question);
        vm.assertTrue(success, "the signer reverted its asker");
        return abi.decode(answer, (bool));
    }

    function test_SignedBy_AKeyBySignaturesOfBothForms() public view {
        assertSigned(signer, signed(KEY, DIGEST), true, "65 bytes");
        assertSigned(signer, compact(KEY, DIGEST), true, "64 bytes");
        assertSigned(vm.addr(KEY + 1), signed(KEY, DIGEST), false, "another's");
        assertSigned(signer, signed(KEY, keccak256("another")), false, "of another digest");
        assertSigned(signer, malleable(DIGEST), false, "high s");
    }

    function test_SignedBy_NobodyNeverSigns() public view {
        assertSigned(NOBODY, "", false, "empty");
        assertSigned(NOBODY, withV(0), false, "a v that recovers nobody");
        assertSigned(NOBODY, abi.encodePacked(bytes32(0), bytes32(uint256(1)), uint8(27)), false, "r zero");
    }

    /// @dev Nor if the chain had a contract at the zero address.
    function test_SignedBy_NobodyNeverSignsAsAWallet() public {
        vm.etch(NOBODY, address(new MoodyWallet()).code);
        assertSigned(NOBODY, "", false, "a wallet at the zero address");
    }

    function test_SignedBy_AnAddressWithoutCodeSignsNothingElse() public view {
        for (uint256 length; length <= 66; ++length) {
            if (length != 65) assertSigned(signer, ofLength(length), false, "length");
        }
    }

    function test_SignedBy_AWalletByItsExactWord() public {
        MoodyWallet wallet = new MoodyWallet();
        for (uint256 mood; mood <= uint256(type(MoodyWallet.Mood).max); ++mood) {
            wallet.be(MoodyWallet.Mood(mood));
            bool yes = mood == uint256(MoodyWallet.Mood.SAYS_YES)
                || mood == uint256(MoodyWallet.Mood.ANSWERS_A_MEGABYTE_OF_YES);
            vm.assertTrue(bounded(address(wallet), "anything") == yes, "mood");
        }
    }

    /// @dev The fourth answers what it is asked, which begins with the word for yes.
    function test_SignedBy_NoPrecompileSigns() public view {
        for (uint160 precompile = 1; precompile <= 10; ++precompile) {
            vm.assertTrue(!bounded(address(precompile), signed(KEY, DIGEST)), "precompile");
        }
    }

    function test_SignedBy_AWalletThatChangesItsMindTakesItsWordBack() public {
        MoodyWallet wallet = new MoodyWallet();
        assertSigned(address(wallet), "", true, "yes");
        wallet.be(MoodyWallet.Mood.SAYS_NO);
        assertSigned(address(wallet), "", false, "no more");
    }

    /// @dev A key that delegates afterwards, to whatever code, has signed all the same: its wallet isn't even asked.
    function test_SignedBy_TheKeyCountsWhateverCodeStandsThere() public {
        MoodyWallet wallet = new MoodyWallet();
        bytes[2] memory codes = [address(wallet).code, abi.encodePacked(hex"ef0100", address(wallet))];
        for (uint256 i; i < codes.length; ++i) {
            vm.etch(signer, codes[i]);
            MoodyWallet(signer).be(MoodyWallet.Mood.SAYS_NO);
            assertSigned(signer, signed(KEY, DIGEST), true, "65 bytes");
            assertSigned(signer, compact(KEY, DIGEST), true, "64 bytes");
            assertSigned(signer, signed(KEY + 1, DIGEST), false, "another key");
        }
    }

    function test_SignedBy_AWalletIsNotAskedWhereTheKeySigned() public {
        vm.etch(signer, address(new MoodyWallet()).code);
        ExpectCall(address(vm)).expectCall(signer, abi.encodeWithSelector(0x1626ba7e), 0);
        assertSigned(signer, signed(KEY, DIGEST), true, "the key");
    }

    /// @dev ERC-6492 would deploy the wallet from the signature: here nobody is called but the signer.
    function test_SignedBy_ASignatureThatBringsItsWalletCallsNobody() public {
        MoodyWallet factory = new MoodyWallet();
        bytes memory prepare = abi.encodeCall(MoodyWallet.be, (MoodyWallet.Mood.SAYS_NO));
        bytes memory wrapped = abi.encodePacked(
            abi.encode(address(factory), prepare, signed(KEY, DIGEST)),
            bytes32(0x6492649264926492649264926492649264926492649264926492649264926492)
        );
        ExpectCall(address(vm)).expectCall(address(factory), "", 0);
        assertSigned(signer, wrapped, false, "by a key");
        assertSigned(address(0xC0DE1E55), wrapped, false, "by a wallet that is not there yet");
    }
}
