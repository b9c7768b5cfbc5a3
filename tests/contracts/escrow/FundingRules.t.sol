// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {EscrowTest} from "../support/EscrowTest.sol";
import {vm} from "../support/Vm.sol";

/// @notice Which terms may be funded: each limit on both of its sides.
contract FundingRulesTest is EscrowTest {
    uint256 private constant HORIZON = START + 3650 days;

    function refused(bytes memory reason) private {
        uint256 value = equip(payer, terms.amount);
        vm.expectRevert(reason);
        vm.prank(payer);
        escrow.authorize{value: value}(terms);
    }

    function refused(bytes4 selector, uint256 fact) private {
        refused(abi.encodeWithSelector(selector, fact));
    }

    function refused(bytes4 selector, uint256 one, uint256 other) private {
        refused(abi.encodeWithSelector(selector, one, other));
    }

    function accepted() private {
        authorized();
        vm.warp(START);
        ++terms.salt;
    }

    function test_Funding_RevertsWhen_TheAmountIsZero() public {
        terms.amount = 0;
        refused(abi.encodeWithSelector(IEscrow.InvalidAmount.selector));
        terms.amount = 1;
        accepted();
    }

    function test_Funding_RevertsWhen_ThePayeeCannotBePaid() public {
        address[4] memory payees = [address(0), payer, address(escrow), address(token)];
        for (uint256 i; i < payees.length; ++i) {
            terms.payee = payees[i];
            refused(abi.encodeWithSelector(IEscrow.InvalidPayee.selector, payees[i]));
        }
    }

    function test_Funding_RevertsWhen_TheFeeHasNoRecipient() public {
        address[3] memory recipients = [address(0), address(escrow), address(token)];
        for (uint256 i; i < recipients.length; ++i) {
            (terms.feeBps, terms.feeRecipient) = (1, recipients[i]);
            refused(abi.encodeWithSelector(IEscrow.InvalidFee.selector, 1, recipients[i]));
            terms.feeBps = 0;
            accepted();
        }
    }

    function test_Funding_RevertsWhen_TheFeeIsAboveAll() public {
        terms.feeBps = 10_001;
        refused(abi.encodeWithSelector(IEscrow.InvalidFee.selector, 10_001, feeRecipient));
        terms.feeBps = 10_000;
        accepted();
    }

    function test_Funding_RevertsWhen_AShareIsAboveAll() public {
        terms.payeeShareOnExpiryBps = 10_001;
        refused(IEscrow.InvalidShare.selector, 10_001);
        terms.payeeShareOnExpiryBps = 10_000;
        terms.payeeShareOnSilenceBps = 10_001;
        refused(IEscrow.InvalidShare.selector, 10_001);
        terms.payeeShareOnSilenceBps = 10_000;
        accepted();
    }

    function test_Funding_RevertsWhen_FundByIsNowOrOneSecondAgo() public {
        vm.warp(terms.fundBy);
        refused(IEscrow.FundingTooLate.selector, terms.fundBy, terms.fundBy);
        vm.warp(terms.fundBy + 1);
        refused(IEscrow.FundingTooLate.selector, terms.fundBy + 1, terms.fundBy);
        vm.warp(terms.fundBy - 1);
        accepted();
    }

    function test_Funding_RevertsWhen_FundByIsLessThanAnHourBeforeTheExpiry() public {
        terms.authorizationExpiry = terms.fundBy + 1 hours - 1;
        refused(IEscrow.TimesOutOfOrder.selector, terms.fundBy + 1 hours, terms.authorizationExpiry);
        terms.authorizationExpiry = terms.fundBy + 1 hours;
        accepted();
    }

    function test_Funding_RevertsWhen_RefundsEndBeforeTheExpiry() public {
        terms.refundExpiry = terms.authorizationExpiry - 1;
        refused(IEscrow.TimesOutOfOrder.selector, terms.authorizationExpiry, terms.refundExpiry);
        terms.refundExpiry = terms.authorizationExpiry;
        accepted();
    }

    function test_Funding_RevertsWhen_ATimeIsBeyondTenYears() public {
        terms.refundExpiry = uint48(HORIZON + 1);
        refused(IEscrow.TooFarAhead.selector, HORIZON + 1, HORIZON);
        terms.refundExpiry = uint48(HORIZON);
        terms.captureFrom = uint48(HORIZON + 1);
        refused(IEscrow.TooFarAhead.selector, HORIZON + 1, HORIZON);
        terms.captureFrom = uint48(HORIZON);
        accepted();
        (terms.refundExpiry, terms.authorizationExpiry) = (type(uint48).max, type(uint48).max);
        refused(IEscrow.TooFarAhead.selector, type(uint48).max, HORIZON);
    }

    function test_Funding_RevertsWhen_FlagsOrARulingPeriodComeWithoutAnArbiter() public {
        for (uint8 flags = 1; flags < 8; ++flags) {
            terms.flags = flags;
            refused(IEscrow.InvalidFlags.selector, flags);
        }
        (terms.flags, terms.rulingPeriod) = (0, 1 hours);
        refused(IEscrow.InvalidRulingPeriod.selector, 1 hours);
    }

    function test_Funding_RevertsWhen_AFlagIsUnknown() public {
        arbitrated(8);
        refused(IEscrow.InvalidFlags.selector, 8);
        terms.flags = 255;
        refused(IEscrow.InvalidFlags.selector, 255);
        for (uint8 flags; flags < 8; ++flags) {
            terms.flags = flags;
            accepted();
        }
    }

    function test_Funding_RevertsWhen_TheRulingPeriodIsOutsideOneHourTo180Days() public {
        arbitrated(0);
        uint32[3] memory periods = [uint32(0), 1 hours - 1, 180 days + 1];
        for (uint256 i; i < periods.length; ++i) {
            terms.rulingPeriod = periods[i];
            refused(IEscrow.InvalidRulingPeriod.selector, periods[i]);
        }
        terms.rulingPeriod = 1 hours;
        accepted();
        terms.rulingPeriod = 180 days;
        accepted();
    }

    /// @dev Else the funding lands together with a capture, and the arbiter is decoration.
    function test_Funding_RevertsWhen_EitherMayDisputeAndCaptureBeginsWithinAnHourOfFundBy() public {
        for (uint8 flags; flags < 8; ++flags) {
            arbitrated(flags);
            terms.captureFrom = terms.fundBy + 1 hours - 1;
            if (flags & 3 == 0) accepted();
            else refused(IEscrow.TimesOutOfOrder.selector, terms.fundBy + 1 hours, terms.captureFrom);
            terms.captureFrom = terms.fundBy + 1 hours;
            accepted();
        }
    }

    function test_Funding_AllowsImmediateCaptureWhereNobodyMayDispute() public {
        terms.captureFrom = 0;
        accepted();
    }
}
