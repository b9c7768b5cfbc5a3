// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ArbiterPanel} from "../../../contracts/escrow/ArbiterPanel.sol";
import {ArbiterPanels} from "../../../contracts/escrow/ArbiterPanels.sol";
import {MemberSignature} from "../../../contracts/signatures/Quorum.sol";
import {vm} from "../support/Vm.sol";

/// @notice Five keys that rise by address, the panels they sit in, and ERC-7739 written down a second time.
abstract contract PanelCase {
    string internal constant RULING = "Ruling(bytes32 paymentId,uint48 disputedAt,uint16 payeeBps)";
    string internal constant ACCOUNT =
        "string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)";
    bytes32 internal constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    uint256 internal constant SEATS = 5;

    ArbiterPanels internal panels;
    uint256[] internal keys;
    address[] internal seats;
    address internal app = address(0xE5C0);
    bytes32 internal ruling = keccak256(abi.encode(keccak256(bytes(RULING)), bytes32("payment"), 1_800_000_000, 3000));

    function setUp() public virtual {
        panels = ArbiterPanels(vm.deployCode("chain/artifacts/ArbiterPanels.json"));
        for (uint256 i; i < SEATS; ++i) {
            _seat(i + 1);
        }
    }

    function panelOf(uint256 threshold) internal returns (ArbiterPanel) {
        return ArbiterPanel(panels.create(seats, threshold));
    }

    /// @dev What the asking contract calls the ruling.
    function digest() internal view returns (bytes32) {
        return typed(app, ruling);
    }

    function typed(address place, bytes32 structHash) internal view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", separator(place), structHash));
    }

    function separator(address place) internal view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPE, keccak256("Earnest"), keccak256("1"), block.chainid, place));
    }

    /// @dev What a member of `panel` signs for it.
    function nested(address panel) internal view returns (bytes32) {
        bytes32 kind = keccak256(abi.encodePacked("TypedDataSign(Ruling contents,", ACCOUNT, RULING));
        bytes32 account =
            keccak256(abi.encode(kind, ruling, keccak256("Earnest"), keccak256("1"), block.chainid, panel, bytes32(0)));
        return typed(app, account);
    }

    function signed(uint256 seat, bytes32 what) internal view returns (MemberSignature memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[seat], what);
        return MemberSignature(seat, abi.encodePacked(r, s, v));
    }

    /// @dev Those seats whose bit is set, rising.
    function signedBy(uint256 mask, bytes32 what) internal view returns (MemberSignature[] memory list) {
        list = new MemberSignature[](count(mask));
        uint256 next;
        for (uint256 seat; seat < SEATS; ++seat) {
            if (mask >> seat & 1 == 1) list[next++] = signed(seat, what);
        }
    }

    function count(uint256 mask) internal pure returns (uint256 bits) {
        for (; mask != 0; mask >>= 1) {
            bits += mask & 1;
        }
    }

    function wrapped(MemberSignature[] memory list) internal view returns (bytes memory) {
        return abi.encodePacked(abi.encode(list), separator(app), ruling, RULING, uint16(bytes(RULING).length));
    }

    function says(ArbiterPanel panel, bytes memory signature) internal view returns (bool) {
        return answers(panel, digest(), signature);
    }

    /// @dev As a contract would ask: a revert is a no.
    function answers(ArbiterPanel panel, bytes32 hash, bytes memory signature) internal view returns (bool) {
        bytes memory question = abi.encodeCall(panel.isValidSignature, (hash, signature));
        (bool success, bytes memory answer) = address(panel).staticcall{gas: 10_000_000}(question);
        return success && answer.length == 32 && bytes32(answer) == bytes32(bytes4(0x1626ba7e));
    }

    function _seat(uint256 key) private {
        keys.push(key);
        seats.push(vm.addr(key));
        for (uint256 i = seats.length - 1; i > 0 && seats[i] < seats[i - 1]; --i) {
            (seats[i], seats[i - 1]) = (seats[i - 1], seats[i]);
            (keys[i], keys[i - 1]) = (keys[i - 1], keys[i]);
        }
    }
}
