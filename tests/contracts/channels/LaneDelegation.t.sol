// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {MoodyWallet} from "../mocks/MoodyWallet.sol";
import {LaneVerbs} from "../support/LaneVerbs.sol";
import {vm} from "../support/Vm.sol";

interface Delegating {
    struct SignedDelegation {
        uint8 v;
        bytes32 r;
        bytes32 s;
        uint64 nonce;
        address implementation;
    }

    function signAndAttachDelegation(address implementation, uint256 key) external returns (SignedDelegation memory);
}

/// @notice Keys that delegate to code after they signed (EIP-7702): what they signed counts, and nothing that the code says.
contract LaneDelegationTest is LaneVerbs {
    function delegate(uint256 key, MoodyWallet.Mood mood) private {
        MoodyWallet wallet = new MoodyWallet();
        Delegating(address(vm)).signAndAttachDelegation(address(wallet), key);
        MoodyWallet(vm.addr(key)).be(mood);
        vm.assertEq(bytes32(vm.addr(key).code), bytes32(abi.encodePacked(hex"ef0100", address(wallet))), "delegated");
    }

    function test_LaneDelegation_OfTheSignerKillsNoVoucher() public {
        for (uint256 verb = 0; verb < VERBS; ++verb) {
            uint256 state = vm.snapshotState();
            ready(Verb(verb));
            (address caller, bytes memory data) = callOf(Verb(verb));
            delegate(SIGNER_KEY, MoodyWallet.Mood.SAYS_NO);
            vm.prank(caller);
            (bool success,) = address(channels).call(data);
            (uint256 toPayee,) = due(Verb(verb));
            vm.assertTrue(success, "what was signed before");
            vm.assertEq(token.balanceOf(payee), toPayee, "paid");
            vm.revertToState(state);
        }
    }

    function test_LaneDelegation_OfThePayeeKillsNoLaneClose() public {
        ready(Verb.CLOSE_BY_SIG);
        (, bytes memory data) = callOf(Verb.CLOSE_BY_SIG);
        delegate(PAYEE_KEY, MoodyWallet.Mood.SAYS_NO);
        (bool success,) = address(channels).call(data);
        vm.assertTrue(success, "what was signed before");
        vm.assertEq(token.balanceOf(payee), TAKE, "paid");
    }

    /// @dev No wallet's yes is asked for: only a key signs a lane's messages.
    function test_LaneDelegation_LetsNoCodeSignVouchersOrCloses() public {
        open(DEPOSIT);
        delegate(SIGNER_KEY, MoodyWallet.Mood.SAYS_YES);
        delegate(PAYEE_KEY, MoodyWallet.Mood.SAYS_YES);
        IVoucherChannels.PromisingVoucher memory forged = plainVoucher(0, 100);
        forged.cumulativeAmount = 101;
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        claimPromised(forged);
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        channels.claim(channel, 0, 101, forged.r, forged.vs);
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        channels.closeBySig(channel, forged, 0, LATEST, forged.r, forged.vs);
    }
}
