// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Consents} from "../types/Consents.sol";
import {Holding, HoldingLib} from "../types/Holding.sol";
import {Terms, ALL_BPS, DISPUTE_FREEZES_RESOLVE, PAYEE_MAY_DISPUTE, PAYER_MAY_DISPUTE} from "../types/Terms.sol";
import {Holds} from "./Holds.sol";

/// @notice A party asks the arbiter, who can only split what is held.
abstract contract Disputes is Holds {
    function dispute(Terms calldata terms, bytes32 evidence) external {
        _dispute(terms, paymentIdOf(terms), msg.sender, evidence);
    }

    function disputeBySig(
        Terms calldata terms,
        address party,
        bytes32 evidence,
        uint48 deadline,
        bytes calldata signature
    ) external {
        _requireBefore(deadline);
        bytes32 paymentId = paymentIdOf(terms);
        _requireConsent(party, Consents.hash(Consents.DISPUTE, paymentId, uint256(evidence), deadline), signature);

        _dispute(terms, paymentId, party, evidence);
    }

    function rule(Terms calldata terms, uint16 payeeBps) external nonReentrant {
        require(msg.sender == terms.arbiter, NotArbiter(msg.sender, terms.arbiter));
        bytes32 paymentId = paymentIdOf(terms);

        _rule(terms, paymentId, HoldingLib.load(paymentId), payeeBps);
    }

    function ruleBySig(Terms calldata terms, uint16 payeeBps, bytes calldata signature) external nonReentrant {
        bytes32 paymentId = paymentIdOf(terms);
        Holding holding = HoldingLib.load(paymentId);
        bytes32 ruling = Consents.hash(Consents.RULING, paymentId, holding.disputedAt(), payeeBps);
        _requireConsent(terms.arbiter, ruling, signature);

        _rule(terms, paymentId, holding, payeeBps);
    }

    function _dispute(Terms calldata terms, bytes32 paymentId, address party, bytes32 evidence) private {
        uint256 flags = terms.flags;
        require(
            (party == terms.payer && flags & PAYER_MAY_DISPUTE != 0)
                || (party == terms.payee && flags & PAYEE_MAY_DISPUTE != 0),
            MayNotDispute(party)
        );
        _requireNotExpired(terms);
        Holding holding = _heldSome(paymentId);
        _requireUndisputed(paymentId, holding);

        emit Disputed(paymentId, party, holding.dispute(block.timestamp).store(paymentId), evidence);
    }

    /// @dev Where a dispute leaves the condition its time, the arbiter waits for the expiry: a payer who sees the proof coming
    /// could ask a quick arbiter in front of it.
    function _rule(Terms calldata terms, bytes32 paymentId, Holding holding, uint16 payeeBps) private {
        require(holding.isDisputed(), NotDisputed(paymentId));
        if (terms.flags & DISPUTE_FREEZES_RESOLVE == 0) {
            require(_expired(terms), TooEarly(block.timestamp, terms.authorizationExpiry));
        }
        uint256 end = _end(terms, holding);
        require(block.timestamp < end, RulingExpired(block.timestamp, end));
        require(holding.held() != 0, NothingHeld(paymentId));
        require(payeeBps <= ALL_BPS, InvalidShare(payeeBps));

        uint256 toPayee = holding.held() * payeeBps / ALL_BPS;
        emit Ruled(paymentId, _split(paymentId, holding, toPayee));

        _paySplit(terms, holding, toPayee);
    }
}
