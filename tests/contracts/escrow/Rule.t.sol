// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {Holding} from "../../../contracts/types/Holding.sol";
import {Signing} from "../support/Signing.sol";
import {vm} from "../support/Vm.sol";

contract RuleTest is Signing {
    function setUp() public override {
        super.setUp();
        arbitrated(7);
    }

    function disputed() private returns (bytes32 paymentId) {
        paymentId = authorized();
        dispute();
    }

    function rule(uint16 payeeBps) private {
        vm.prank(arbiter);
        escrow.rule(terms, payeeBps);
    }

    function test_Rule_SplitsWhatIsHeldAndFloorsThePayeesShare(uint96 amount, uint16 bps, uint16 fee) public {
        terms.amount = amount == 0 ? 1 : amount;
        (bps, terms.feeBps) = (bps % 10_001, fee % 10_001);
        bytes32 paymentId = disputed();
        rule(bps);
        uint256 toPayee = uint256(terms.amount) * bps / 10_000;
        assertHolding(paymentId, 0, toPayee, block.timestamp);
        assertBalance(payer, terms.amount - toPayee);
        assertBalance(payee, toPayee - feeOn(toPayee));
        assertBalance(feeRecipient, feeOn(toPayee));
        assertBalance(address(escrow), 0);
    }

    function test_Rule_SplitsNativeCurrency() public {
        terms.token = NATIVE;
        test_Rule_SplitsWhatIsHeldAndFloorsThePayeesShare(AMOUNT, 3333, 250);
    }

    function test_Rule_TouchesOnlyWhatIsStillHeld() public {
        bytes32 paymentId = authorized();
        capture(1000);
        dispute();
        vm.expectEmit();
        emit IEscrow.Ruled(paymentId, Holding.wrap(1 << 255 | block.timestamp << 192 | uint256(AMOUNT - 400) << 96));
        rule(6000);
        assertBalance(payer, 400);
        assertBalance(feeRecipient, feeOn(AMOUNT - 400));
    }

    function test_Rule_RevertsWhen_SomebodyElseCalls() public {
        disputed();
        address[4] memory callers = [payer, payee, operator, stranger];
        for (uint256 i; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IEscrow.NotArbiter.selector, callers[i], arbiter));
            vm.prank(callers[i]);
            escrow.rule(terms, 0);
        }
    }

    function test_Rule_RevertsWhen_NobodyDisputed() public {
        bytes32 paymentId = authorized();
        bytes memory reason = abi.encodeWithSelector(IEscrow.NotDisputed.selector, paymentId);
        vm.expectRevert(reason);
        rule(5000);
        vm.warp(terms.authorizationExpiry);
        vm.expectRevert(reason);
        rule(5000);
    }

    function test_Rule_RevertsWhen_TheShareIsAboveAll() public {
        disputed();
        vm.expectRevert(abi.encodeWithSelector(IEscrow.InvalidShare.selector, 10_001));
        rule(10_001);
        rule(10_000);
        assertBalance(payer, 0);
    }

    function test_Rule_MovesNothingTwice() public {
        bytes32 paymentId = disputed();
        rule(5000);
        bytes memory reason = abi.encodeWithSelector(IEscrow.NothingHeld.selector, paymentId);
        vm.expectRevert(reason);
        rule(5000);
        vm.expectRevert(reason);
        rule(10_000);
    }

    /// @dev Where a dispute freezes the condition the arbiter begins at once, and ends with its period or the expiry.
    function test_Rule_HasItsWholePeriodFromTheDispute() public {
        for (uint256 late; late < 2; ++late) {
            terms.salt = uint96(late);
            terms.rulingPeriod = late == 0 ? 1 hours : 2 days;
            authorized();
            vm.warp(late == 0 ? terms.captureFrom : terms.authorizationExpiry - 1);
            uint256 end = late == 0 ? terms.authorizationExpiry : block.timestamp + 2 days;
            dispute();
            assertRulesUntil(end);
        }
    }

    /// @dev Where the condition stays alive, the arbiter waits for the expiry, and has its period from there.
    function test_Rule_WaitsForTheExpiryWhereTheConditionStaysAlive() public {
        arbitrated(3);
        disputed();
        uint256 expiry = terms.authorizationExpiry;
        vm.warp(expiry - 1);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.TooEarly.selector, expiry - 1, expiry));
        rule(5000);
        vm.warp(expiry);
        uint256 snapshot = vm.snapshotState();
        rule(5000);
        vm.revertToState(snapshot);
        assertRulesUntil(expiry + terms.rulingPeriod);
    }

    /// @dev At each second around the end exactly one of the arbiter and the clock has the word.
    function assertRulesUntil(uint256 end) private {
        for (uint256 time = end - 1; time <= end + 1; ++time) {
            vm.warp(time);
            uint256 snapshot = vm.snapshotState();
            if (time >= end) vm.expectRevert(abi.encodeWithSelector(IEscrow.RulingExpired.selector, time, end));
            rule(5000);
            vm.revertToState(snapshot);
            if (time < end) vm.expectRevert(abi.encodeWithSelector(IEscrow.NotExpired.selector, time, end));
            escrow.expire(terms);
            vm.revertToState(snapshot);
        }
    }

    function test_Expire_AfterADisputeSplitsAsSignedForTheArbitersSilence() public {
        bytes32 paymentId = disputed();
        uint256 disputedAt = block.timestamp;
        vm.warp(disputedAt + terms.rulingPeriod);
        escrow.expire(terms);
        uint256 toPayee = uint256(AMOUNT) * 6001 / 10_000;
        assertHolding(paymentId, 0, toPayee, disputedAt);
        assertBalance(payer, AMOUNT - toPayee);
        assertBalance(payee, toPayee - feeOn(toPayee));
    }

    function ruling(uint256 disputedAt, uint16 bps) private view returns (bytes32) {
        return consent(RULING, disputedAt, bps);
    }

    function test_RuleBySig_SplitsByTheArbitersSignature() public {
        bytes32 paymentId = disputed();
        bytes memory signed = sign(ARBITER_KEY, ruling(block.timestamp, 2500));
        vm.prank(stranger);
        escrow.ruleBySig(terms, 2500, signed);
        uint256 toPayee = uint256(AMOUNT) * 2500 / 10_000;
        assertHolding(paymentId, 0, toPayee, block.timestamp);
        assertBalance(payer, AMOUNT - toPayee);

        vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingHeld.selector, paymentId));
        escrow.ruleBySig(terms, 2500, signed);
    }

    function test_RuleBySig_ByTheArbiterItselfNeedsNoSignature() public {
        disputed();
        vm.prank(arbiter);
        escrow.ruleBySig(terms, 0, "");
        assertBalance(payer, AMOUNT);
    }

    function refused(uint16 bps, bytes memory signed) private {
        (,, uint48 disputedAt,) = escrow.holdingOf(id());
        bytes32 digest = ruling(disputedAt, bps);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotSignedBy.selector, terms.arbiter, digest));
        vm.prank(stranger);
        escrow.ruleBySig(terms, bps, signed);
    }

    function test_RuleBySig_RevertsWhen_AnythingIsNotAsSigned() public {
        disputed();
        bytes memory signed = sign(ARBITER_KEY, ruling(block.timestamp, 2500));
        refused(2501, signed);
        refused(2500, "");
        refused(2500, sign(PAYER_KEY, ruling(block.timestamp, 2500)));
        refused(2500, sign(ARBITER_KEY, ruling(block.timestamp - 1, 2500)));
        terms.salt = 2;
        vm.warp(block.timestamp - 1);
        disputed();
        refused(2500, signed);
        vm.chainId(block.chainid + 1);
        refused(2500, sign(ARBITER_KEY, ruling(block.timestamp, 2500)));
    }

    function test_RuleBySig_NeedsADispute() public {
        bytes32 paymentId = authorized();
        bytes memory signed = sign(ARBITER_KEY, ruling(0, 2500));
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotDisputed.selector, paymentId));
        escrow.ruleBySig(terms, 2500, signed);
    }

    function test_RuleBySig_NobodyIsNoArbiter() public {
        (terms.arbiter, terms.rulingPeriod, terms.flags) = (address(0), 0, 0);
        authorized();
        refused(2500, "");
        refused(2500, new bytes(65));
    }
}
