// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ArbiterPanel} from "../../../contracts/escrow/ArbiterPanel.sol";
import {MemberSignature} from "../../../contracts/signatures/Quorum.sol";
import {MoodyWallet} from "../mocks/MoodyWallet.sol";
import {vm} from "../support/Vm.sol";
import {PanelCase} from "./PanelCase.sol";

/// @notice A panel with a wallet among its members, which may answer anything.
contract WalletsTest is PanelCase {
    ArbiterPanel private panel;
    MoodyWallet private wallet;
    uint256 private seat;

    function setUp() public override {
        super.setUp();
        seat = SEATS / 2;
        vm.etch(seats[seat], address(new MoodyWallet()).code);
        wallet = MoodyWallet(seats[seat]);
        panel = panelOf(3);
    }

    /// @dev The wallet's word, and as many keys' as the mask says.
    function withTheWallets(uint256 mask) private view returns (bytes memory) {
        MemberSignature[] memory list = signedBy(mask | 1 << seat, nested(address(panel)));
        for (uint256 i; i < list.length; ++i) {
            if (list[i].index == seat) list[i].signature = "the wallet's own form";
        }
        return wrapped(list);
    }

    function test_Wallet_CountsAsAMember() public view {
        vm.assertTrue(says(panel, withTheWallets(3)), "two keys and the wallet");
        vm.assertTrue(!says(panel, withTheWallets(1)), "one key and the wallet");
    }

    function test_Wallet_IsAskedAboutWhatTheMembersOfThisPanelSign() public {
        vm.etch(seats[seat], address(new OneHash(nested(address(panel)))).code);
        vm.assertTrue(says(panel, withTheWallets(3)), "this panel's");
        vm.etch(seats[seat], address(new OneHash(digest())).code);
        vm.assertTrue(!says(panel, withTheWallets(3)), "the bare hash");
    }

    /// @dev Whatever one wallet does, those who are enough without it reach a ruling, and with it they may not.
    function test_Wallet_NoMoodOfItsStopsTheOthers() public {
        for (uint256 mood; mood <= uint256(type(MoodyWallet.Mood).max); ++mood) {
            wallet.be(MoodyWallet.Mood(mood));
            bool yes = mood == uint256(MoodyWallet.Mood.SAYS_YES)
                || mood == uint256(MoodyWallet.Mood.ANSWERS_A_MEGABYTE_OF_YES);
            vm.assertTrue(says(panel, withTheWallets(3)) == yes, "with the wallet");
            vm.assertTrue(says(panel, wrapped(signedBy(27, nested(address(panel))))), "without it");
        }
    }

    /// @dev It stands last among four of whom three decide: its gas is never spent.
    function test_Wallet_ThatIsNotNeededIsNotAsked() public {
        vm.etch(seats[SEATS - 1], address(wallet).code);
        MoodyWallet(seats[SEATS - 1]).be(MoodyWallet.Mood.BURNS_GAS);
        MemberSignature[] memory list = signedBy(27, nested(address(panel)));
        list[3].signature = "burn";
        uint256 before = gasleft();
        vm.assertTrue(says(panel, wrapped(list)), "three keys");
        vm.assertLe(before - gasleft(), 200_000, "gas");
    }

    function test_Wallet_ThatChangesItsMindTakesItsWordBack() public {
        bytes memory signature = withTheWallets(3);
        vm.assertTrue(says(panel, signature), "yes");
        wallet.be(MoodyWallet.Mood.SAYS_NO);
        vm.assertTrue(!says(panel, signature), "no more");
    }

    /// @dev The member was a key when it took its seat (EIP-7702).
    function test_Wallet_AMemberWhoDelegatedStillSignsWithItsKey() public {
        vm.etch(seats[seat], abi.encodePacked(hex"ef0100", address(new MoodyWallet())));
        wallet.be(MoodyWallet.Mood.SAYS_NO);
        vm.assertTrue(says(panel, wrapped(signedBy(7, nested(address(panel))))), "its key");
    }
}

contract OneHash {
    bytes32 private immutable HASH;

    constructor(bytes32 hash) {
        HASH = hash;
    }

    function isValidSignature(bytes32 hash, bytes calldata) external view returns (bytes4) {
        return hash == HASH ? bytes4(0x1626ba7e) : bytes4(0);
    }
}
