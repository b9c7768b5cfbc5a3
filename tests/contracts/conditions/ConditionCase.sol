// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ConditionCall} from "../../../contracts/conditions/ConditionCall.sol";
import {ICondition} from "../../../contracts/conditions/ICondition.sol";
import {vm} from "../support/Vm.sol";

/// @notice Asks a condition as the escrow does: what fails or answers badly releases nothing.
abstract contract ConditionCase {
    bytes32 internal constant SUBJECT = keccak256("subject");
    uint256 internal constant AMOUNT = 1000;
    uint256 internal constant NOW = 2_000_000_000;

    address internal condition;

    function deploy(string memory name) internal returns (address) {
        vm.warp(NOW);
        return vm.deployCode(string.concat("chain/artifacts/", name, ".json"));
    }

    function released(bytes memory data, bytes memory proof) internal view returns (uint256) {
        return this.ask(condition, SUBJECT, data, proof);
    }

    function ask(address whom, bytes32 subject, bytes calldata data, bytes calldata proof)
        external
        view
        returns (uint256)
    {
        return ConditionCall.released(whom, subject, AMOUNT, data, proof);
    }

    function assertReleased(bytes memory data, bytes memory proof, uint256 expected, string memory what) internal view {
        vm.assertEq(released(data, proof), expected, what);
    }

    /// @notice Whoever asks without clipping is not told more than the amount either.
    function assertNeverMore(bytes memory data, bytes memory proof) internal view {
        vm.assertEq(ICondition(condition).released(SUBJECT, AMOUNT, data, proof), AMOUNT, "clipped by itself");
    }

    /// @notice Every prefix of `whole`, and `whole` with a byte too many, release nothing.
    function assertOnlyWholeProof(bytes memory data, bytes memory whole) internal view {
        for (uint256 size; size < whole.length; ++size) {
            assertReleased(data, cut(whole, size), 0, "a proof that breaks off");
        }
        assertReleased(data, bytes.concat(whole, hex"00"), 0, "a byte too many");
        vm.assertTrue(released(data, whole) != 0, "the proof itself");
    }

    /// @notice As `assertOnlyWholeProof`, for data; a condition whose data end with fixed words ignores what follows.
    function assertOnlyWholeData(bytes memory whole, bytes memory proof) internal view {
        for (uint256 size; size < whole.length; ++size) {
            assertReleased(cut(whole, size), proof, 0, "data that break off");
        }
        vm.assertTrue(released(whole, proof) != 0, "the data themselves");
    }

    function cut(bytes memory whole, uint256 size) internal pure returns (bytes memory part) {
        part = bytes.concat(whole);
        assembly ("memory-safe") {
            mstore(part, size)
        }
    }
}
