// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SigningCase} from "./SigningCase.sol";
import {vm} from "../support/Vm.sol";

contract ApprovalsTest is SigningCase {
    bytes32 private constant TYPEHASH = keccak256("Approval(bytes32 subject,uint96 amount,uint48 expiry)");

    function setUp() public {
        condition = deploy("Approvals");
        chooseKeys();
    }

    function structHash(bytes32 subject, uint96 value, uint48 expiry) internal pure override returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, subject, value, expiry));
    }

    function test_Approvals_ReleaseTheKthLargest() public view {
        bytes memory proof = abi.encodePacked(said(0, 300), said(1, 700), said(2, 500));
        assertReleased(list(1), proof, 700, "one");
        assertReleased(list(2), proof, 500, "two");
        assertReleased(list(3), proof, 300, "three");
        assertReleased(list(2), said(1, 700), 0, "one of two");
        assertReleased(list(2), abi.encodePacked(said(0, 300), said(2, 500)), 300, "two others");
        assertNeverMore(list(1), said(2, type(uint96).max));
    }

    function test_Approvals_AreOverAtTheirExpiry() public {
        bytes memory proof = said(0, 300);
        vm.warp(LATER - 1);
        assertReleased(list(1), proof, 300, "before");
        vm.warp(LATER);
        assertReleased(list(1), proof, 0, "at");
    }

    function test_Approvals_BindTheChainTheContractTheSubjectAndEachMember() public {
        bytes memory good = said(0, 300);
        bytes memory signed = signature(0, SUBJECT, 300, LATER);
        vm.assertEq(this.ask(condition, keccak256("another"), list(1), good), 0, "another subject");
        assertReleased(list(1), entry(0, 301, LATER, signed), 0, "another amount");
        assertReleased(list(1), entry(0, 300, LATER + 1, signed), 0, "another expiry");
        assertReleased(list(1), entry(1, 300, LATER, signed), 0, "another signer");
        vm.chainId(block.chainid + 1);
        assertReleased(list(1), good, 0, "another chain");
        vm.chainId(block.chainid - 1);
        assertReleased(list(1), good, 300, "this one");
        condition = deploy("Approvals");
        assertReleased(list(1), good, 0, "another contract");
    }

    /// @dev The signature of a statement is none of an approval, though both have the same signers.
    function test_Approvals_AreNoAttestations() public view {
        bytes32 typeHash = keccak256("Attestation(bytes32 statement,bytes32 about,uint16 shareBps,uint48 expiry)");
        bytes32 other = digest(keccak256(abi.encode(typeHash, SUBJECT, SUBJECT, 300, LATER)));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[0], other);
        assertReleased(list(1), entry(0, 300, LATER, abi.encodePacked(r, s, v)), 0, "an attestation");
    }

    function test_Approvals_CountASignerOnce() public view {
        assertReleased(list(2), abi.encodePacked(said(0, 300), said(0, 300)), 0, "twice");
        assertReleased(list(1), abi.encodePacked(said(1, 300), said(0, 300)), 0, "out of order");
        assertReleased(list(2), abi.encodePacked(said(0, 300), said(1, 300)), 300, "in order");
    }

    /// @dev A list that names a key twice gives it one vote.
    function test_Approvals_CountAKeyOnceThatIsListedTwice() public {
        signers[1] = signers[0];
        bytes memory again = entry(1, 300, LATER, signature(0, SUBJECT, 300, LATER));
        assertReleased(list(2), abi.encodePacked(said(0, 300), again), 0, "two places");
        assertReleased(list(1), again, 300, "one place");
    }

    function test_Approvals_RefuseListsOfAnotherForm() public {
        bytes memory proof = said(0, 300);
        assertReleased(list(0), proof, 0, "nobody is needed");
        assertReleased(list(4), proof, 0, "more than there are");
        assertReleased(abi.encodePacked(list(1), uint8(0)), proof, 0, "a byte too many");
        assertReleased(abi.encodePacked(uint8(0)), "", 0, "no signers");
        assertReleased("", "", 0, "nothing");
        while (signers.length < 16) signers.push(address(type(uint160).max));
        assertReleased(list(1), proof, 300, "16 signers");
        signers.push(address(type(uint160).max));
        assertReleased(list(1), proof, 0, "17 signers");
    }

    function test_Approvals_TakeOnlyAWholeProof() public view {
        bytes memory two = abi.encodePacked(said(0, 300), said(1, 300));
        assertOnlyWholeProof(list(2), two);
        assertReleased(list(1), entry(3, 300, LATER, signature(0, SUBJECT, 300, LATER)), 0, "no such signer");
        assertReleased(list(1), entry(255, 300, LATER, signature(0, SUBJECT, 300, LATER)), 0, "far from any signer");
        bytes memory huge = abi.encodePacked(uint8(0), uint96(300), LATER, type(uint16).max, new bytes(65));
        assertReleased(list(1), huge, 0, "a length beyond the proof");
    }

    function test_Approvals_ABadEntrySinksNoOther(uint8 which, uint96 value, uint48 expiry, bytes calldata junk)
        public
        view
    {
        vm.assume(junk.length < 500);
        bytes[3] memory entries = [said(0, 300), said(1, 300), said(2, 300)];
        entries[which % 3] = entry(which % 3, value, expiry, junk);
        assertReleased(list(2), abi.encodePacked(entries[0], entries[1], entries[2]), 300, "the others");
    }

    /// @dev The law: an entry more never releases less.
    function test_Approvals_ReleaseNoLessForMore(uint8 k, uint96[3] calldata amounts, uint8 shown, uint8 added)
        public
        view
    {
        bytes memory less;
        bytes memory more;
        for (uint256 i; i < 3; ++i) {
            if (shown >> i & 1 == 1) less = abi.encodePacked(less, said(i, amounts[i]));
            if ((shown | added) >> i & 1 == 1) more = abi.encodePacked(more, said(i, amounts[i]));
        }
        vm.assertLe(released(list(k % 5), less), released(list(k % 5), more), "more approvals");
    }
}
