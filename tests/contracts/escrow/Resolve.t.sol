// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ConditionCall} from "../../../contracts/conditions/ConditionCall.sol";
import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {Holding} from "../../../contracts/types/Holding.sol";
import {MoodyCondition} from "../mocks/MoodyCondition.sol";
import {EscrowTest} from "../support/EscrowTest.sol";
import {vm} from "../support/Vm.sol";

contract ResolveTest is EscrowTest {
    bytes private constant DATA = "what the condition is about";

    MoodyCondition private condition;

    function setUp() public override {
        super.setUp();
        condition = new MoodyCondition();
        (terms.condition, terms.conditionHash) = (address(condition), keccak256(DATA));
    }

    function resolve(uint256 released) private {
        vm.prank(stranger);
        escrow.resolve(terms, DATA, abi.encode(released));
    }

    function nothing(uint256 released, uint256 gone) private view returns (bytes memory) {
        return abi.encodeWithSelector(IEscrow.NothingReleased.selector, id(), released, gone);
    }

    function test_Resolve_PaysWhatTheConditionReleases() public {
        authorized();
        resolve(300_000);
        assertHolding(AMOUNT - 300_000, 300_000);
        assertBalance(feeRecipient, feeOn(300_000));
        assertBalance(payee, 300_000 - feeOn(300_000));
        assertSolvent();
    }

    function test_Resolve_PaysNativeCurrency() public {
        terms.token = NATIVE;
        test_Resolve_PaysWhatTheConditionReleases();
    }

    function test_Resolve_EmitsTheWordAndTheProof() public {
        bytes32 paymentId = authorized();
        bytes memory proof = abi.encode(5);
        vm.expectEmit();
        emit IEscrow.Resolved(paymentId, Holding.wrap(1 << 255 | 5 << 96 | uint256(AMOUNT - 5)), proof);
        resolve(5);
    }

    function test_Resolve_PaysOnlyWhatIsNew() public {
        authorized();
        resolve(300_000);
        vm.expectRevert(nothing(300_000, 300_000));
        resolve(300_000);
        vm.expectRevert(nothing(299_999, 300_000));
        resolve(299_999);
        resolve(300_001);
        assertHolding(AMOUNT - 300_001, 300_001);
        resolve(AMOUNT);
        assertHolding(0, AMOUNT);
    }

    function test_Resolve_ClipsToTheAmount() public {
        authorized();
        resolve(type(uint256).max);
        assertHolding(0, AMOUNT);
        assertBalance(address(escrow), 0);
    }

    function test_Resolve_CountsWhatWasVoidedOrCapturedAsGone() public {
        authorized();
        vm.prank(payee);
        escrow.void(terms, AMOUNT - 100);
        capture(AMOUNT - 150);
        vm.expectRevert(nothing(150, 150));
        resolve(150);
        resolve(151);
        assertHolding(AMOUNT - 151, 51);
    }

    function test_Resolve_IsNotRearmedByARefund() public {
        authorized();
        resolve(100);
        refund(payee, AMOUNT - 100, 0, 100);
        vm.expectRevert(nothing(100, 100));
        resolve(100);
    }

    function test_Resolve_RevertsWhen_NothingIsHeld() public {
        bytes32 paymentId = authorized();
        capture(0);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingHeld.selector, paymentId));
        resolve(AMOUNT);
        terms.salt = 9;
        paymentId = id();
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingHeld.selector, paymentId));
        resolve(AMOUNT);
    }

    function test_Resolve_RevertsWhen_TheDataIsNotTheAgreedOne() public {
        authorized();
        vm.expectRevert(
            abi.encodeWithSelector(IEscrow.WrongConditionData.selector, keccak256("other"), keccak256(DATA))
        );
        escrow.resolve(terms, "other", abi.encode(AMOUNT));
    }

    function test_Resolve_RevertsWhen_ThereIsNoCondition() public {
        terms.condition = address(0);
        bytes32 paymentId = authorized();
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NoCondition.selector, paymentId));
        resolve(AMOUNT);
    }

    function test_Resolve_IsLegalUntilTheSecondBeforeTheExpiry() public {
        authorized();
        vm.warp(terms.authorizationExpiry - 1);
        resolve(1);
        for (uint256 time = terms.authorizationExpiry; time <= terms.authorizationExpiry + 1; ++time) {
            vm.warp(time);
            vm.expectRevert(
                abi.encodeWithSelector(IEscrow.AuthorizationExpired.selector, time, terms.authorizationExpiry)
            );
            resolve(2);
        }
    }

    function test_Resolve_WaitsForCaptureFromOnlyWhereADisputeWouldFreezeIt() public {
        (terms.arbiter, terms.rulingPeriod) = (arbiter, 1 hours);
        for (uint8 flags; flags < 8; ++flags) {
            terms.flags = flags;
            authorized();
            vm.warp(terms.captureFrom - 1);
            if (flags & 4 != 0) {
                vm.expectRevert(
                    abi.encodeWithSelector(IEscrow.TooEarly.selector, terms.captureFrom - 1, terms.captureFrom)
                );
                resolve(1);
                vm.warp(terms.captureFrom);
            }
            resolve(1);
        }
    }

    function test_Resolve_FindsNothingInABadAnswer() public {
        authorized();
        MoodyCondition.Mood[4] memory moods = [
            MoodyCondition.Mood.REVERTS,
            MoodyCondition.Mood.REVERTS_HUGE,
            MoodyCondition.Mood.BURNS_GAS,
            MoodyCondition.Mood.ANSWERS_SHORT
        ];
        for (uint256 i; i < moods.length; ++i) {
            condition.be(moods[i]);
            bytes memory reason = nothing(0, 0);
            uint256 before = gasleft();
            vm.expectRevert(reason);
            resolve(AMOUNT);
            vm.assertLe(before - gasleft(), 450_000, "gas that a condition can burn");
        }
        condition.be(MoodyCondition.Mood.ANSWERS_HUGE);
        resolve(AMOUNT);
        assertHolding(0, AMOUNT);
    }

    function test_Resolve_FindsNothingWhere_TheConditionHasNoCode() public {
        for (uint160 i = 1; i <= 11; ++i) {
            terms.condition = i == 11 ? stranger : address(i);
            authorized();
            vm.expectRevert(nothing(0, 0));
            resolve(AMOUNT);
        }
    }

    function test_Resolve_AsksAboutThePaymentId() public {
        bytes32 paymentId = authorized();
        condition.be(MoodyCondition.Mood.ANSWERS_THE_SUBJECT);
        vm.expectRevert(nothing(0, 0));
        resolve(uint256(paymentId) + 1);
        resolve(uint256(paymentId));
        assertHolding(0, AMOUNT);
    }

    /// @dev Whatever gas comes, and however long the proof: the condition gets all that it is due, or the call reverts by name.
    function test_Resolve_NeverStarvesTheCondition() public {
        authorized();
        condition.be(MoodyCondition.Mood.NEEDS_ITS_GAS);
        uint256 refused;
        for (uint256 size = 32; size <= 200_000; size *= 5) {
            bytes memory data = abi.encodeCall(escrow.resolve, (terms, DATA, new bytes(size)));
            for (uint256 gasGiven = 300_000; gasGiven < 600_000; gasGiven += 1000) {
                uint256 snapshot = vm.snapshotState();
                (bool success, bytes memory answer) = address(escrow).call{gas: gasGiven}(data);
                vm.revertToState(snapshot);
                if (success || answer.length == 0) continue;
                bytes4 reason = bytes4(answer);
                vm.assertTrue(reason != IEscrow.NothingReleased.selector, "starved");
                if (reason == ConditionCall.NotEnoughGasForCondition.selector) ++refused;
            }
        }
        vm.assertTrue(refused > 10, "the guard was never met");
    }
}
