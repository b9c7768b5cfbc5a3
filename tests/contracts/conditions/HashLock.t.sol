// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HashLock} from "../../../contracts/conditions/HashLock.sol";
import {vm} from "../support/Vm.sol";

contract HashLockTest {
    HashLock private lock;

    function setUp() public {
        lock = HashLock(vm.deployCode("chain/artifacts/HashLock.json"));
    }

    function released(HashLock.HashFunction hashFunction, bytes32 digest, bytes memory proof)
        private
        view
        returns (uint256)
    {
        return lock.released(0, 100, abi.encode(hashFunction, digest), proof);
    }

    function test_HashLock_ReleasesAllToThePreimage(bytes32 preimage) public view {
        bytes memory proof = abi.encode(preimage);
        vm.assertEq(released(HashLock.HashFunction.SHA256, sha256(proof), proof), 100, "sha256");
        vm.assertEq(released(HashLock.HashFunction.KECCAK256, keccak256(proof), proof), 100, "keccak256");
    }

    function test_HashLock_TakesNotTheOtherHashFunctionsDigest(bytes32 preimage) public view {
        bytes memory proof = abi.encode(preimage);
        vm.assertEq(released(HashLock.HashFunction.SHA256, keccak256(proof), proof), 0, "sha256");
        vm.assertEq(released(HashLock.HashFunction.KECCAK256, sha256(proof), proof), 0, "keccak256");
    }

    function test_HashLock_TakesNoOtherPreimage(bytes32 preimage, bytes32 other) public view {
        vm.assume(preimage != other);
        bytes memory proof = abi.encode(other);
        vm.assertEq(released(HashLock.HashFunction.SHA256, sha256(abi.encode(preimage)), proof), 0, "sha256");
        vm.assertEq(released(HashLock.HashFunction.KECCAK256, keccak256(abi.encode(preimage)), proof), 0, "keccak256");
    }

    /// @dev Other chains take exactly 32 bytes: a preimage that opens here must open there.
    function test_HashLock_TakesOnlyPreimagesOf32Bytes() public view {
        for (uint256 size; size <= 65; ++size) {
            bytes memory proof = new bytes(size);
            uint256 expected = size == 32 ? 100 : 0;
            vm.assertEq(released(HashLock.HashFunction.SHA256, sha256(proof), proof), expected, "sha256");
            vm.assertEq(released(HashLock.HashFunction.KECCAK256, keccak256(proof), proof), expected, "keccak256");
        }
    }

    function test_HashLock_RevertsWhen_TheDataIsNoHashLocks() public view {
        bytes[3] memory bad = [bytes(""), abi.encode(uint256(2), sha256(abi.encode(0))), abi.encode(uint256(0))];
        for (uint256 i; i < bad.length; ++i) {
            bytes memory payload = abi.encodeCall(lock.released, (0, 100, bad[i], abi.encode(0)));
            (bool success,) = address(lock).staticcall(payload);
            vm.assertTrue(!success, "bad data was read");
        }
    }
}
