// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {Holding} from "../../../contracts/types/Holding.sol";
import {Paying} from "../support/Paying.sol";
import {vm} from "../support/Vm.sol";

contract ChargeTest is Paying {
    function setUp() public override {
        super.setUp();
        (terms.token, terms.captureFrom) = (address(usdc), START);
    }

    function charge(IFunding.Method method, bytes memory authorization) private {
        vm.prank(operator);
        escrow.charge(terms, method, authorization);
    }

    function chargeNew(IFunding.Method method) private {
        equip(method, payer, AMOUNT);
        charge(method, authorizationOf(method));
    }

    /// @dev Of a payment that is there already, so that no authorization is asked for.
    function refused(bytes memory reason) private {
        vm.expectRevert(reason);
        charge(IFunding.Method.ALLOWANCE, "");
    }

    function refusedNew(bytes memory reason) private {
        equip(IFunding.Method.ERC3009, payer, AMOUNT);
        bytes memory authorization = authorizationOf(IFunding.Method.ERC3009);
        vm.expectRevert(reason);
        charge(IFunding.Method.ERC3009, authorization);
    }

    function used() private view returns (bytes memory) {
        return abi.encodeWithSelector(IEscrow.AlreadyUsed.selector, id());
    }

    function test_Charge_TakesAndPaysAtOnceByEachMethod() public {
        for (uint256 method; method < METHODS; ++method) {
            uint256 snapshot = vm.snapshotState();
            bytes32 paymentId = id();
            equip(IFunding.Method(method), payer, AMOUNT);
            bytes memory authorization = authorizationOf(IFunding.Method(method));
            vm.expectEmit();
            emit IEscrow.Charged(paymentId, payer, payee, address(usdc), Holding.wrap(1 << 255 | uint256(AMOUNT) << 96));
            charge(IFunding.Method(method), authorization);
            assertHolding(0, AMOUNT);
            assertBalance(payer, 0);
            assertBalance(payee, AMOUNT - feeOn(AMOUNT));
            assertBalance(feeRecipient, feeOn(AMOUNT));
            assertBalance(address(escrow), 0);
            vm.revertToState(snapshot);
        }
    }

    function test_Charge_OfNativeCurrencyPaysWithWhatTheOperatorBrings() public {
        terms.token = NATIVE;
        bytes memory authorization = authorizationOf(IFunding.Method.ALLOWANCE);
        vm.deal(operator, 2 * uint256(AMOUNT));
        vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, AMOUNT - 1, AMOUNT));
        vm.prank(operator);
        escrow.charge{value: AMOUNT - 1}(terms, IFunding.Method.ALLOWANCE, authorization);
        vm.prank(operator);
        escrow.charge{value: AMOUNT}(terms, IFunding.Method.ALLOWANCE, authorization);
        assertBalance(payee, AMOUNT - feeOn(AMOUNT));
        assertBalance(address(escrow), 0);
    }

    function test_Charge_MovesNothingTwice() public {
        for (uint256 method; method < METHODS; ++method) {
            uint256 snapshot = vm.snapshotState();
            chargeNew(IFunding.Method(method));
            refused(used());
            refusedNew(used());
            vm.revertToState(snapshot);
        }
    }

    function test_Charge_CanBeRefundedLikeACapture() public {
        chargeNew(IFunding.Method.ERC3009);
        equip(IFunding.Method.ALLOWANCE, payee, AMOUNT);
        vm.prank(payee);
        escrow.refund(terms, 0, 1);
        assertHolding(0, 1);
        assertBalance(payer, AMOUNT - 1);
    }

    function test_Charge_RevertsWhen_SomebodyElseThanTheOperatorCalls() public {
        bytes memory authorization = authorizationOf(IFunding.Method.ERC3009);
        equip(IFunding.Method.ERC3009, payer, AMOUNT);
        address[4] memory callers = [payer, payee, feeRecipient, stranger];
        for (uint256 i; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IEscrow.NotOperator.selector, callers[i], operator));
            vm.prank(callers[i]);
            escrow.charge(terms, IFunding.Method.ERC3009, authorization);
        }
    }

    function test_Charge_RevertsWhen_ThePayerDidNotSign() public {
        equip(IFunding.Method.ALLOWANCE, payer, AMOUNT);
        bytes memory reason = abi.encodeWithSelector(IEscrow.NotSignedBy.selector, payer, digestOf(authorizeHash()));
        refused(reason);
        bytes memory bare = sign(PAYER_KEY, id());
        vm.expectRevert(reason);
        charge(IFunding.Method.ALLOWANCE, bare);
        assertUnused(id());
    }

    function test_Charge_RevertsWhen_ItIsTheSecondBeforeCaptureFrom() public {
        terms.captureFrom = START + 10;
        vm.warp(START + 9);
        refusedNew(abi.encodeWithSelector(IEscrow.TooEarly.selector, START + 9, START + 10));
        vm.warp(START + 10);
        chargeNew(IFunding.Method.ERC3009);
    }

    function test_Charge_OfANewPaymentEndsWithTheSecondBeforeFundBy() public {
        vm.warp(terms.fundBy);
        refusedNew(abi.encodeWithSelector(IEscrow.FundingTooLate.selector, terms.fundBy, terms.fundBy));
        vm.warp(terms.fundBy - 1);
        chargeNew(IFunding.Method.ERC3009);
    }

    function test_Charge_OfAnAuthorizedPaymentEndsWithTheSecondBeforeTheExpiry() public {
        authorized();
        for (uint256 time = terms.authorizationExpiry; time <= terms.authorizationExpiry + 1; ++time) {
            vm.warp(time);
            refused(abi.encodeWithSelector(IEscrow.AuthorizationExpired.selector, time, terms.authorizationExpiry));
        }
        vm.warp(terms.authorizationExpiry - 1);
        charge(IFunding.Method.ALLOWANCE, "");
        assertHolding(0, AMOUNT);
    }

    function test_Charge_AsksForTheSameTermsAsAuthorize() public {
        terms.payeeShareOnSilenceBps = 10_001;
        refusedNew(abi.encodeWithSelector(IEscrow.InvalidShare.selector, 10_001));
    }

    /// @dev Somebody may bring the payer's authorization first: the charge takes what is held, and nothing from the payer.
    function test_Charge_OfAnAuthorizedPaymentIsACapture() public {
        authorized();
        equip(IFunding.Method.ALLOWANCE, payer, AMOUNT);
        charge(IFunding.Method.ALLOWANCE, "");
        assertHolding(0, AMOUNT);
        assertBalance(payer, AMOUNT);
        assertBalance(payee, AMOUNT - feeOn(AMOUNT));
        assertBalance(address(escrow), 0);
        refused(used());
    }

    function test_Charge_OfAnAuthorizedPaymentRevertsWhen_ValueComes() public {
        terms.token = NATIVE;
        authorized();
        vm.deal(operator, AMOUNT);
        vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, AMOUNT, 0));
        vm.prank(operator);
        escrow.charge{value: AMOUNT}(terms, IFunding.Method.ALLOWANCE, "");
    }

    function test_Charge_RevertsWhen_SomethingHappenedToThePaymentBefore() public {
        authorized();
        uint256 snapshot = vm.snapshotState();
        capture(AMOUNT - 1);
        refused(used());
        vm.revertToState(snapshot);
        vm.prank(payee);
        escrow.void(terms, 1);
        refused(used());
        vm.revertToState(snapshot);
        vm.prank(payer);
        escrow.release(terms, 0);
        refused(used());
    }

    function test_Charge_RevertsWhen_ItWasCancelled() public {
        vm.prank(payer);
        escrow.cancel(terms);
        refusedNew(used());
    }

    function test_Charge_RevertsWhen_ItIsDisputed() public {
        terms.captureFrom = START + 2 hours;
        arbitrated(7);
        bytes32 paymentId = authorized();
        dispute();
        refused(abi.encodeWithSelector(IEscrow.UnderDispute.selector, paymentId, block.timestamp));
    }

    /// @dev Where somebody may dispute, capture begins after the last funding: no charge takes money past the arbiter.
    function test_Charge_CannotFundWhereSomebodyMayDispute() public {
        for (uint8 flags = 1; flags <= 3; ++flags) {
            arbitrated(flags);
            terms.captureFrom = terms.fundBy + 1 hours;
            vm.warp(terms.captureFrom);
            refusedNew(abi.encodeWithSelector(IEscrow.FundingTooLate.selector, terms.captureFrom, terms.fundBy));
            vm.warp(START);
            refusedNew(abi.encodeWithSelector(IEscrow.TooEarly.selector, START, terms.captureFrom));
        }
    }
}
