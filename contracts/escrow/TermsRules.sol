// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../interfaces/IEscrow.sol";
import {Terms, TermsLib, ALL_BPS, ALL_FLAGS, PAYER_MAY_DISPUTE, PAYEE_MAY_DISPUTE} from "../types/Terms.sol";

/// @notice Which terms may be funded now. Every funding path asks here, and nothing else asks it.
library TermsRules {
    using TermsLib for Terms;

    /// @dev Between the last funding and the first capture, and before the expiry: time to see the funding and to dispute.
    uint256 internal constant FUNDING_MARGIN = 1 hours;
    uint256 internal constant SHORTEST_RULING = 1 hours;
    uint256 internal constant LONGEST_RULING = 180 days;
    uint256 internal constant HORIZON = 3650 days;

    function requireFundable(Terms calldata given) internal view {
        (Terms memory terms, bool clean) = given.toMemory();
        require(clean, IEscrow.MalformedTerms());
        _requireMoney(terms);
        _requireTimes(terms);
        _requireArbiter(terms);
    }

    function _requireMoney(Terms memory terms) private view {
        address payee = terms.payee;
        require(terms.amount != 0, IEscrow.InvalidAmount());
        require(
            payee != address(0) && payee != terms.payer && payee != address(this) && payee != terms.token,
            IEscrow.InvalidPayee(payee)
        );
        require(
            terms.feeBps == 0
                || (terms.feeBps <= ALL_BPS
                    && terms.feeRecipient != address(0)
                    && terms.feeRecipient != address(this)
                    && terms.feeRecipient != terms.token),
            IEscrow.InvalidFee(terms.feeBps, terms.feeRecipient)
        );
        require(terms.payeeShareOnExpiryBps <= ALL_BPS, IEscrow.InvalidShare(terms.payeeShareOnExpiryBps));
        require(terms.payeeShareOnSilenceBps <= ALL_BPS, IEscrow.InvalidShare(terms.payeeShareOnSilenceBps));
    }

    function _requireTimes(Terms memory terms) private view {
        uint256 fundBy = terms.fundBy;
        uint256 expiry = terms.authorizationExpiry;
        uint256 latest = block.timestamp + HORIZON;
        require(block.timestamp < fundBy, IEscrow.FundingTooLate(block.timestamp, terms.fundBy));
        require(fundBy + FUNDING_MARGIN <= expiry, IEscrow.TimesOutOfOrder(fundBy + FUNDING_MARGIN, expiry));
        require(expiry <= terms.refundExpiry, IEscrow.TimesOutOfOrder(expiry, terms.refundExpiry));
        require(terms.refundExpiry <= latest, IEscrow.TooFarAhead(terms.refundExpiry, latest));
        require(terms.captureFrom <= latest, IEscrow.TooFarAhead(terms.captureFrom, latest));
    }

    function _requireArbiter(Terms memory terms) private pure {
        uint256 flags = terms.flags;
        uint256 rulingPeriod = terms.rulingPeriod;
        if (terms.arbiter == address(0)) {
            require(flags == 0, IEscrow.InvalidFlags(terms.flags));
            require(rulingPeriod == 0, IEscrow.InvalidRulingPeriod(terms.rulingPeriod));
            return;
        }
        require(flags <= ALL_FLAGS, IEscrow.InvalidFlags(terms.flags));
        require(
            rulingPeriod >= SHORTEST_RULING && rulingPeriod <= LONGEST_RULING,
            IEscrow.InvalidRulingPeriod(terms.rulingPeriod)
        );
        if (flags & (PAYER_MAY_DISPUTE | PAYEE_MAY_DISPUTE) == 0) return;
        uint256 earliest = uint256(terms.fundBy) + FUNDING_MARGIN;
        require(terms.captureFrom >= earliest, IEscrow.TimesOutOfOrder(earliest, terms.captureFrom));
    }
}
