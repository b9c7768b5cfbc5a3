// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../support/Vm.sol";
import {SignatureCase} from "./SignatureCase.sol";

contract PlainKeyTest is SignatureCase {
    function assertSigner(bytes memory signature, address expected, string memory what) private view {
        vm.assertEq(this.signerOf(DIGEST, signature), expected, what);
    }

    function test_PlainKey_TakesBothFormsOfEveryKeysSignature(uint256 key, bytes32 digest) public view {
        key = 1 + key % (uint256(ORDER) - 1);
        vm.assertEq(this.signerOf(digest, signed(key, digest)), vm.addr(key), "65 bytes");
        vm.assertEq(this.signerOf(digest, compact(key, digest)), vm.addr(key), "64 bytes");
    }

    function test_PlainKey_ReadsBothParities() public view {
        bool[2] memory seen;
        for (uint256 i; i < 16; ++i) {
            bytes32 digest = keccak256(abi.encode(i));
            (uint8 v,,) = vm.sign(KEY, digest);
            seen[v - 27] = true;
            vm.assertEq(this.signerOf(digest, compact(KEY, digest)), signer, "64 bytes");
        }
        vm.assertTrue(seen[0] && seen[1], "both parities came up");
    }

    function test_PlainKey_TakesNoHighS() public view {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, DIGEST);
        uint256 high = uint256(ORDER) - uint256(s);
        vm.assertEq(ecrecover(DIGEST, v == 27 ? 28 : 27, r, bytes32(high)), signer, "the precompile takes it");
        assertSigner(malleable(DIGEST), NOBODY, "65 bytes");
    }

    /// @dev Half of the order, the highest s, counts; one above it does not.
    function test_PlainKey_KnowsTheBoundaryOfS() public view {
        uint256 half = uint256(ORDER) / 2;
        bytes32 r = bytes32(uint256(1));
        vm.assertTrue(this.signerOf(DIGEST, abi.encodePacked(r, half, uint8(27))) != NOBODY, "half");
        vm.assertTrue(this.signerOf(DIGEST, abi.encodePacked(r, half)) != NOBODY, "half in 64 bytes");
        assertSigner(abi.encodePacked(r, half + 1, uint8(27)), NOBODY, "half and one");
        assertSigner(abi.encodePacked(r, half + 1), NOBODY, "half and one in 64 bytes");
        assertSigner(abi.encodePacked(r, half + 1 | 1 << 255), NOBODY, "half and one of the other parity");
    }

    function test_PlainKey_TakesNoVBut27And28() public view {
        (uint8 right,,) = vm.sign(KEY, DIGEST);
        for (uint256 v; v < 256; ++v) {
            if (v != 27 && v != 28) assertSigner(withV(uint8(v)), NOBODY, "v");
        }
        assertSigner(withV(right), signer, "the right v");
        vm.assertTrue(this.signerOf(DIGEST, withV(right == 27 ? 28 : 27)) != signer, "the other v");
    }

    /// @dev In 65 bytes the parity has its place in v; in s it would make a second form of one signature.
    function test_PlainKey_TakesNoParityInSBesideV() public view {
        bytes memory signature = signed(KEY, DIGEST);
        signature[32] |= 0x80;
        assertSigner(signature, NOBODY, "a parity in both places");
    }

    function test_PlainKey_TakesNoOtherLength() public view {
        for (uint256 length; length <= 130; ++length) {
            if (length != 64 && length != 65) assertSigner(ofLength(length), NOBODY, "length");
        }
    }

    function test_PlainKey_AnswersNobodyWhereThereIsNoKey() public view {
        bytes32[3] memory none = [bytes32(0), ORDER, bytes32(type(uint256).max)];
        for (uint256 i; i < none.length; ++i) {
            assertSigner(abi.encodePacked(none[i], bytes32(uint256(1)), uint8(27)), NOBODY, "r");
        }
        assertSigner(abi.encodePacked(bytes32(uint256(1)), bytes32(0), uint8(27)), NOBODY, "s");
    }
}
