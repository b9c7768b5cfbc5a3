// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ArbiterPanel} from "../../../contracts/escrow/ArbiterPanel.sol";
import {MemberSignature} from "../../../contracts/signatures/Quorum.sol";
import {SignedBy} from "../../../contracts/signatures/SignedBy.sol";
import {SafeLike} from "../mocks/SafeLike.sol";
import {vm} from "../support/Vm.sol";
import {PanelCase} from "./PanelCase.sol";

/// @notice A Safe in a panel's place, or in a panel.
contract SafeArbiterTest is PanelCase {
    SafeLike private safe;

    function setUp() public override {
        super.setUp();
        safe = new SafeLike(seats, 2);
    }

    function isSignedBy(bytes32 what, address who, bytes calldata signature) external view returns (bool) {
        return SignedBy.isSignedBy(what, who, signature);
    }

    function joined(uint256 mask, bytes32 what) private view returns (bytes memory all) {
        MemberSignature[] memory list = signedBy(mask, what);
        for (uint256 i; i < list.length; ++i) {
            all = bytes.concat(all, list[i].signature);
        }
    }

    function test_Safe_RulesByTheSignaturesOfItsOwners() public view {
        bytes32 what = safe.messageHash(digest());
        for (uint256 mask; mask < 1 << SEATS; ++mask) {
            bool ruled = this.isSignedBy(digest(), address(safe), joined(mask, what));
            vm.assertTrue(ruled == (count(mask) >= 2), "two owners");
        }
    }

    function test_Safe_OwnersMaySignTheDigestAsAText() public view {
        bytes32 what = safe.messageHash(digest());
        bytes memory all = joined(3, keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", what)));
        all[64] = bytes1(uint8(all[64]) + 4);
        all[129] = bytes1(uint8(all[129]) + 4);
        vm.assertTrue(this.isSignedBy(digest(), address(safe), all), "eth_sign");
    }

    function test_Safe_ASignatureForOneSafeCountsInNoOther() public {
        SafeLike other = new SafeLike(seats, 2);
        bytes memory all = joined(3, safe.messageHash(digest()));
        vm.assertTrue(!this.isSignedBy(digest(), address(other), all), "another safe");
        vm.assertTrue(!this.isSignedBy(digest(), address(safe), joined(3, digest())), "the bare hash");
    }

    /// @dev A panel of one key and a Safe, both of whom are needed.
    function test_Safe_CanSitInAPanel() public {
        address[] memory members = new address[](2);
        uint256 seatOfSafe = address(safe) < seats[0] ? 0 : 1;
        (members[seatOfSafe], members[1 - seatOfSafe]) = (address(safe), seats[0]);
        ArbiterPanel panel = ArbiterPanel(panels.create(members, 2));
        bytes32 what = nested(address(panel));

        MemberSignature[] memory list = new MemberSignature[](2);
        list[1 - seatOfSafe] = MemberSignature(1 - seatOfSafe, signed(0, what).signature);
        list[seatOfSafe] = MemberSignature(seatOfSafe, joined(6, safe.messageHash(what)));
        vm.assertTrue(this.isSignedBy(digest(), address(panel), wrapped(list)), "both");
        list[seatOfSafe].signature = joined(2, safe.messageHash(what));
        vm.assertTrue(!this.isSignedBy(digest(), address(panel), wrapped(list)), "one owner of the safe");
    }
}
