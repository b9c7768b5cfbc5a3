// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {PhantomToken} from "../mocks/PhantomToken.sol";
import {EveryWayIn} from "../support/EveryWayIn.sol";
import {vm} from "../support/Vm.sol";

/// @notice Tokens that break ERC-20's rules, on every way in: all or nothing, and never another payment's money.
contract HostileFundingTest is EveryWayIn {
    uint256 private constant MOODS = 16;

    uint256 private before;

    /// @dev Another payment's money lies there already.
    function setUp() public override {
        super.setUp();
        terms.salt = 900;
        authorized();
        terms.salt = 1;
        vm.warp(START);
    }

    function takes(MoodyToken.Mood mood) private view returns (bool) {
        bool bare = mood == MoodyToken.Mood.ANSWERS_SHORT || mood == MoodyToken.Mood.FALSE_MOVED;
        return mood == MoodyToken.Mood.PLAIN || mood == MoodyToken.Mood.ANSWERS_NOTHING
            || mood == MoodyToken.Mood.ANSWERS_HUGE || (bare && method == IFunding.Method.ERC3009);
    }

    /// @dev The token moved something, or said so: the escrow's own balance tells.
    function lies(MoodyToken.Mood mood) private view returns (bool) {
        bool untrue = mood == MoodyToken.Mood.HALF_AND_FALSE || mood == MoodyToken.Mood.FALSE_UNMOVED
            || mood == MoodyToken.Mood.SHORT_UNMOVED;
        return mood == MoodyToken.Mood.TRUE_UNMOVED || mood == MoodyToken.Mood.FEE_ON_ARRIVAL
            || mood == MoodyToken.Mood.SHRINKS || mood == MoodyToken.Mood.GROWS
            || (untrue && method == IFunding.Method.ERC3009);
    }

    function attempt(WayIn way) private returns (bool success) {
        (address caller, bytes memory data) = bring(way);
        (success,) = call(caller, data);
    }

    function call(address caller, bytes memory data) private returns (bool, bytes memory) {
        before = balanceOf(address(escrow));
        vm.prank(caller);
        return address(escrow).call{gas: 6_000_000}(data);
    }

    function assertRefused(WayIn way) private view {
        assertBalance(payer, AMOUNT);
        assertBalance(address(escrow), before);
        assertUnused(amends(way) ? escrow.paymentIdOf(to) : id());
    }

    function assertTaken(WayIn way) private view {
        assertBalance(payer, 0);
        assertBalance(payee, charges(way) ? AMOUNT - feeOn(AMOUNT) : 0);
        assertBalance(address(escrow), before + (charges(way) ? 0 : AMOUNT));
        vm.assertEq(creditOf(payee) + creditOf(feeRecipient), 0, "credits");
    }

    function test_EveryWayIn_TakesAllOrNothingFromAnyToken() public {
        for (uint256 way; way < WAYS; ++way) {
            for (uint256 i; i < MOODS; ++i) {
                uint256 snapshot = vm.snapshotState();
                (address caller, bytes memory data) = bring(WayIn(way));
                token.be(MoodyToken.Mood(i));
                (bool success, bytes memory answer) = call(caller, data);
                vm.assertTrue(success == takes(MoodyToken.Mood(i)), "taken");
                if (success) assertTaken(WayIn(way));
                else assertRefused(WayIn(way));
                if (lies(MoodyToken.Mood(i))) {
                    vm.assertEq(bytes4(answer), IFunding.InexactTransfer.selector, "refused by name");
                }
                vm.revertToState(snapshot);
            }
        }
    }

    function test_EveryWayIn_RevertsWhen_TheTokenHidesItsBalances() public {
        for (uint256 way; way < WAYS; ++way) {
            for (uint256 i; i < 2; ++i) {
                uint256 snapshot = vm.snapshotState();
                (address caller, bytes memory data) = bring(WayIn(way));
                token.silence(i == 0, i == 1);
                before = token.truth(address(escrow));
                vm.prank(caller);
                (bool success, bytes memory answer) = address(escrow).call{gas: 6_000_000}(data);
                vm.assertTrue(!success, "taken without a look");
                bytes4 reason = i == 0 ? IFunding.TokenHasNoCode.selector : IFunding.InexactTransfer.selector;
                vm.assertEq(bytes4(answer), reason, "refused by name");
                assertRefused(WayIn(way));
                vm.revertToState(snapshot);
            }
        }
    }

    function test_EveryWayIn_RevertsWhen_TheTokenIsGone() public {
        for (uint256 way; way < WAYS; ++way) {
            uint256 snapshot = vm.snapshotState();
            (address caller, bytes memory data) = bring(WayIn(way));
            vm.etch(address(token), "");
            vm.prank(caller);
            (bool success, bytes memory answer) = address(escrow).call(data);
            vm.assertTrue(!success, "taken from nothing");
            vm.assertEq(bytes4(answer), IFunding.TokenHasNoCode.selector, "refused by name");
            vm.revertToState(snapshot);
        }
    }

    function test_EveryWayIn_RevertsWhen_ThePayerIsDenied() public {
        for (uint256 way; way < WAYS; ++way) {
            uint256 snapshot = vm.snapshotState();
            (address caller, bytes memory data) = bring(WayIn(way));
            token.deny(payer, true);
            (bool success,) = call(caller, data);
            vm.assertTrue(!success, "taken from a denied payer");
            assertRefused(WayIn(way));
            vm.revertToState(snapshot);
        }
    }

    /// @dev Money that lies in the escrow, or comes as a gift, is nobody's payment.
    function test_EveryWayIn_CountsNoDonation() public {
        for (uint256 way; way < WAYS; ++way) {
            uint256 snapshot = vm.snapshotState();
            token.mint(address(escrow), AMOUNT);
            bool success = attempt(WayIn(way));
            vm.assertTrue(success, "refused after a donation");
            assertTaken(WayIn(way));
            vm.revertToState(snapshot);
        }
    }

    function test_Charge_CreditsThePayeeWhen_ItCannotBeReached() public {
        for (uint256 way = 6; way < 9; ++way) {
            uint256 snapshot = vm.snapshotState();
            token.deny(payee, true);
            bool success = attempt(WayIn(way));
            vm.assertTrue(success, "refused for the payee's sake");
            assertCredit(payee, AMOUNT - feeOn(AMOUNT));
            assertBalance(feeRecipient, feeOn(AMOUNT));
            assertBalance(address(escrow), before + AMOUNT - feeOn(AMOUNT));
            vm.revertToState(snapshot);
        }
    }

    /// @dev WETH and others answer a call of a function that they don't have as if it had worked.
    function test_EveryWayIn_ByERC3009RevertsWhen_TheTokenSwallowsTheCall() public {
        terms.token = address(new PhantomToken());
        bytes[2] memory calls = [
            abi.encodeCall(IEscrow.authorizeERC3009, (terms, bytes32(0), bytes32(0))),
            abi.encodeCall(IEscrow.authorizeBySig, (terms, IFunding.Method.ERC3009, new bytes(65)))
        ];
        for (uint256 i; i < calls.length; ++i) {
            (bool success, bytes memory answer) = address(escrow).call(calls[i]);
            vm.assertTrue(!success, "taken from a fallback");
            vm.assertEq(bytes4(answer), IFunding.InexactTransfer.selector, "refused by name");
        }
    }
}
