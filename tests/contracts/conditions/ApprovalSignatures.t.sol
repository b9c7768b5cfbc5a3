// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MoodyWallet} from "../mocks/MoodyWallet.sol";
import {OwnedWallet} from "../mocks/OwnedWallet.sol";
import {SigningCase} from "./SigningCase.sol";
import {vm} from "../support/Vm.sol";

/// @notice Which signatures count, and what a wallet among the signers can do to the others.
contract ApprovalSignaturesTest is SigningCase {
    bytes32 private constant TYPEHASH = keccak256("Approval(bytes32 subject,uint96 amount,uint48 expiry)");
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    function setUp() public {
        condition = deploy("Approvals");
        chooseKeys();
    }

    function structHash(bytes32 subject, uint96 value, uint48 expiry) internal pure override returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, subject, value, expiry));
    }

    function counts(bytes memory signed) private view returns (bool) {
        return released(list(1), entry(0, 300, LATER, signed)) != 0;
    }

    /// @dev Puts a wallet of this code in the second place, at the address that stands there.
    function walletOf(MoodyWallet.Mood mood) private returns (MoodyWallet wallet) {
        vm.etch(signers[1], address(new MoodyWallet()).code);
        wallet = MoodyWallet(signers[1]);
        wallet.be(mood);
    }

    function test_Approvals_TakeEachFormOfASignatureButNoMalleableOne() public view {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[0], digest(structHash(SUBJECT, 300, LATER)));
        bytes32 vs = bytes32(uint256(s) | uint256(v - 27) << 255);
        bytes32 high = bytes32(ORDER - uint256(s));
        vm.assertTrue(counts(abi.encodePacked(r, s, v)), "65 bytes");
        vm.assertTrue(counts(abi.encodePacked(r, vs)), "64 bytes");
        vm.assertTrue(!counts(abi.encodePacked(r, high, uint8(55 - v))), "high s");
        vm.assertTrue(!counts(abi.encodePacked(r, s, v - 27)), "v of 0 or 1");
        vm.assertTrue(!counts(abi.encodePacked(r, s, uint8(55 - v))), "the other v");
        vm.assertTrue(!counts(abi.encodePacked(r, vs ^ bytes32(uint256(1) << 255))), "64 bytes, the other parity");
        vm.assertTrue(!counts(""), "none");
        vm.assertTrue(!counts(new bytes(65)), "zeros");
        vm.assertTrue(!counts(abi.encodePacked(r, s, v, v)), "66 bytes");
    }

    function test_Approvals_TheZeroAddressSignsNothing() public {
        signers[0] = address(0);
        vm.assertTrue(!counts(new bytes(65)), "65 zeros");
        vm.assertTrue(!counts(new bytes(64)), "64 zeros");
    }

    /// @dev EIP-7702: the key signed before code came to stand at its address.
    function test_Approvals_AKeyCountsWhateverCodeStandsAtItsAddress() public {
        bytes memory proof = said(0, 300);
        vm.etch(signers[0], abi.encodePacked(hex"ef0100", address(new MoodyWallet())));
        assertReleased(list(1), proof, 300, "a delegation");
        vm.etch(signers[0], hex"fe");
        assertReleased(list(1), proof, 300, "code that reverts");
    }

    function test_Approvals_AskAWalletForItsWord() public {
        OwnedWallet wallet = new OwnedWallet(signers[0]);
        signers = [address(wallet)];
        assertReleased(list(1), said(0, 300), 300, "its owner signed");
        assertReleased(list(1), entry(0, 300, LATER, signature(1, SUBJECT, 300, LATER)), 0, "another signed");
    }

    function test_Approvals_NoWalletCanSinkTheOthers() public {
        for (uint8 i; i <= uint8(type(MoodyWallet.Mood).max); ++i) {
            MoodyWallet.Mood mood = MoodyWallet.Mood(i);
            walletOf(mood);
            bytes memory its = entry(1, 999, LATER, "whatever it likes");
            bytes memory others = abi.encodePacked(said(0, 300), its, said(2, 300));
            assertReleased(list(2), others, 300, "two others");
            assertReleased(list(1), its, mood == MoodyWallet.Mood.SAYS_YES ? 999 : 0, "its own word");
        }
    }

    /// @dev 15 wallets burn all that they are given; the 16th signer is a key, and its word is enough.
    function test_Approvals_WalletsThatBurnGasLeaveEnoughForTheLastOne() public {
        bytes memory code = address(new MoodyWallet()).code;
        bytes memory proof;
        address last = signers[2];
        delete signers;
        for (uint160 i = 15; i != 0; --i) {
            signers.push(address(uint160(last) - i));
            vm.etch(signers[15 - i], code);
            MoodyWallet(signers[15 - i]).be(MoodyWallet.Mood.BURNS_GAS);
            proof = abi.encodePacked(proof, entry(15 - i, 999, LATER, new bytes(65)));
        }
        signers.push(last);
        bytes memory key = entry(15, 300, LATER, signature(2, SUBJECT, 300, LATER));
        assertReleased(list(1), abi.encodePacked(proof, key), 300, "the key's");
    }

    function test_Approvals_AWalletThatChangedItsMindIsLeftOut() public {
        MoodyWallet wallet = walletOf(MoodyWallet.Mood.SAYS_YES);
        bytes memory both = abi.encodePacked(said(0, 300), entry(1, 300, LATER, ""));
        assertReleased(list(2), both, 300, "it said yes");
        wallet.be(MoodyWallet.Mood.SAYS_NO);
        assertReleased(list(2), both, 0, "it says no");
        assertReleased(list(2), abi.encodePacked(both, said(2, 300)), 300, "without it");
    }

    /// @dev ERC-6492 wraps a call that deploys the wallet: here it is no signature, and the factory is never called.
    function test_Approvals_AWrappedSignatureIsNoneAndCallsNobody() public {
        Counter counter = new Counter();
        bytes memory inner = signature(0, SUBJECT, 300, LATER);
        bytes32 suffix = 0x6492649264926492649264926492649264926492649264926492649264926492;
        bytes memory wrapped =
            abi.encodePacked(abi.encode(address(counter), abi.encodeCall(Counter.count, ()), inner), suffix);
        vm.assertTrue(!counts(wrapped), "for a key");
        signers = [address(uint160(0xE0A))];
        vm.assertTrue(!counts(wrapped), "for a wallet that is not there");
        vm.assertEq(counter.calls(), 0, "calls");
    }
}

contract Counter {
    uint256 public calls;

    function count() external {
        ++calls;
    }
}
