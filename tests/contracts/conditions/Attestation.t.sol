// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Attestation} from "../../../contracts/conditions/Attestation.sol";
import {SigningCase} from "./SigningCase.sol";
import {vm} from "../support/Vm.sol";

contract AttestationTest is SigningCase {
    bytes32 private constant TYPEHASH =
        keccak256("Attestation(bytes32 statement,bytes32 about,uint16 shareBps,uint48 expiry)");
    bytes32 private constant STATEMENT = keccak256("delivered");

    bytes32 private about;

    function setUp() public {
        condition = deploy("Attestation");
        chooseKeys();
    }

    function structHash(bytes32 subject, uint96 value, uint48 expiry) internal view override returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, STATEMENT, about == 0 ? subject : about, value, expiry));
    }

    function data(uint8 k) private view returns (bytes memory) {
        return abi.encodePacked(STATEMENT, about, list(k));
    }

    function test_Attestation_ReleasesTheKthLargestShareRoundedDown() public view {
        bytes memory proof = abi.encodePacked(said(0, 9999), said(1, 5555), said(2, 1));
        assertReleased(data(1), proof, 999, "one");
        assertReleased(data(2), proof, 555, "two");
        assertReleased(data(3), proof, 0, "a ten thousandth of 1000");
        assertReleased(data(1), said(0, 10_000), AMOUNT, "all");
    }

    function test_Attestation_AShareAboveAllCountsAsNothing() public view {
        bytes memory proof = abi.encodePacked(said(0, 10_001), said(1, 4000));
        assertReleased(data(1), proof, 400, "the other");
        assertReleased(data(2), proof, 0, "both");
        assertReleased(data(1), said(0, 1 << 16 | 5), 0, "more than its type holds");
    }

    function test_Attestation_OfASubjectCountsForItAlone() public {
        bytes memory proof = said(0, 10_000);
        assertReleased(data(1), proof, AMOUNT, "this payment");
        vm.assertEq(this.ask(condition, keccak256("another"), data(1), proof), 0, "another payment");
        about = keccak256("an order");
        proof = said(0, 10_000);
        assertReleased(data(1), proof, AMOUNT, "this payment");
        vm.assertEq(this.ask(condition, keccak256("another"), data(1), proof), AMOUNT, "another payment");
        about = keccak256("another order");
        assertReleased(data(1), proof, 0, "another order");
    }

    function test_Attestation_BindsTheStatementAndTheExpiry() public {
        bytes memory proof = said(0, 10_000);
        bytes memory other = abi.encodePacked(keccak256("lost"), about, list(1));
        assertReleased(other, proof, 0, "another statement");
        vm.warp(LATER - 1);
        assertReleased(data(1), proof, AMOUNT, "before");
        vm.warp(LATER);
        assertReleased(data(1), proof, 0, "at the expiry");
    }

    function test_Attestation_TakesOnlyAWholeProofAndData() public view {
        assertOnlyWholeProof(data(2), abi.encodePacked(said(0, 5000), said(1, 5000)));
        assertOnlyWholeData(data(1), said(2, 5000));
        assertReleased(bytes.concat(data(1), hex"00"), said(0, 5000), 0, "a byte too many");
    }

    function test_Attestation_HoldsForAnyAmount(uint256 amount) public view {
        uint256 all = Attestation(condition).released(SUBJECT, amount, data(1), said(0, 10_000));
        vm.assertEq(all, amount, "all");
    }

    /// @dev The law: a word more never releases less.
    function test_Attestation_ReleasesNoLessForMore(uint8 k, uint16[3] calldata shares, uint8 shown, uint8 added)
        public
        view
    {
        bytes memory less;
        bytes memory more;
        for (uint256 i; i < 3; ++i) {
            if (shown >> i & 1 == 1) less = abi.encodePacked(less, said(i, shares[i]));
            if ((shown | added) >> i & 1 == 1) more = abi.encodePacked(more, said(i, shares[i]));
        }
        vm.assertLe(released(data(k % 5), less), released(data(k % 5), more), "more words");
    }
}
