// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../interfaces/IEscrow.sol";
import {Refunds} from "../money/Refunds.sol";
import {SignedBy} from "../signatures/SignedBy.sol";
import {EarnestDomain} from "../types/EarnestDomain.sol";
import {Holding, HoldingLib} from "../types/Holding.sol";
import {Terms, TermsLib, ALL_BPS, DISPUTE_FREEZES_RESOLVE} from "../types/Terms.sol";

/// @notice What every verb shares: the state, which second belongs to which phase, the fee, and how a hold is paid out.
abstract contract Holds is IEscrow, EarnestDomain, Refunds {
    using TermsLib for Terms;

    function paymentIdOf(Terms calldata terms) public view returns (bytes32) {
        return _hashTypedData(terms.hash());
    }

    function holdingOf(bytes32 paymentId)
        external
        view
        returns (uint96 held, uint96 refundable, uint48 disputedAt, bool used)
    {
        Holding holding = HoldingLib.load(paymentId);
        return (uint96(holding.held()), uint96(holding.refundable()), uint48(holding.disputedAt()), holding.isUsed());
    }

    function _requireOperator(Terms calldata terms) internal view {
        require(msg.sender == terms.operator, NotOperator(msg.sender, terms.operator));
    }

    function _requirePayer(Terms calldata terms) internal view {
        require(msg.sender == terms.payer, NotPayer(msg.sender, terms.payer));
    }

    /// @dev A party consents by calling, or by its signature: of its key first, then as a wallet (ERC-1271).
    function _requireConsent(address party, bytes32 structHash, bytes calldata signature) internal view {
        if (msg.sender == party) return;
        bytes32 digest = _hashTypedData(structHash);
        require(SignedBy.isSignedBy(digest, party, signature), NotSignedBy(party, digest));
    }

    function _requireBefore(uint256 deadline) internal view {
        require(block.timestamp < deadline, DeadlinePassed(block.timestamp, deadline));
    }

    function _requireCaptureBegun(Terms calldata terms) internal view {
        require(block.timestamp >= terms.captureFrom, TooEarly(block.timestamp, terms.captureFrom));
    }

    function _requireNotExpired(Terms calldata terms) internal view {
        require(!_expired(terms), AuthorizationExpired(block.timestamp, terms.authorizationExpiry));
    }

    function _requireUndisputed(bytes32 paymentId, Holding holding) internal pure {
        require(!holding.isDisputed(), UnderDispute(paymentId, holding.disputedAt()));
    }

    /// @dev The one place that says which side the boundary second belongs to: at the expiry the hold is over, unless there is
    /// a dispute.
    function _expired(Terms calldata terms) internal view returns (bool) {
        return block.timestamp >= terms.authorizationExpiry;
    }

    /// @dev From this second on anybody may end the hold. A dispute gives the arbiter its whole period, counted from where it
    /// may begin to rule: an early dispute never brings the default for silence forward.
    function _end(Terms calldata terms, Holding holding) internal pure returns (uint256 end) {
        end = terms.authorizationExpiry;
        if (!holding.isDisputed()) return end;
        if (terms.flags & DISPUTE_FREEZES_RESOLVE == 0) return end + terms.rulingPeriod;
        uint256 ruled = holding.disputedAt() + terms.rulingPeriod;
        return ruled > end ? ruled : end;
    }

    function _heldSome(bytes32 paymentId) internal view returns (Holding holding) {
        holding = HoldingLib.load(paymentId);
        require(holding.held() != 0, NothingHeld(paymentId));
    }

    /// @return amount what is held above the level
    function _above(bytes32 paymentId, Holding holding, uint96 heldAfter) internal pure returns (uint256 amount) {
        uint256 held = holding.held();
        require(heldAfter < held, NothingToMove(paymentId, held, heldAfter));
        return held - heldAfter;
    }

    /// @dev A difference of two floors: slicing a payment into many captures neither adds to the fee nor evades it.
    function _fee(Terms calldata terms, Holding holding, uint256 amount) internal pure returns (uint256) {
        uint256 bps = terms.feeBps;
        if (bps == 0) return 0;
        uint256 before = holding.refundable();
        return bps * (before + amount) / ALL_BPS - bps * before / ALL_BPS;
    }

    function _payPayee(Terms calldata terms, uint256 amount, uint256 fee) internal {
        _payBoth(terms.token, terms.feeRecipient, fee, terms.payee, amount - fee);
    }

    /// @dev Ends a hold: the payee gets `toPayee`, less the fee, the payer the rest.
    /// @return newer the state as it is stored
    function _split(bytes32 paymentId, Holding holding, uint256 toPayee) internal returns (Holding newer) {
        return holding.earn(toPayee).giveBack(holding.held() - toPayee).store(paymentId);
    }

    function _paySplit(Terms calldata terms, Holding before, uint256 toPayee) internal {
        uint256 fee = _fee(terms, before, toPayee);
        _payBoth(terms.token, terms.payer, before.held() - toPayee, terms.payee, toPayee - fee);
        _pay(terms.token, terms.feeRecipient, fee);
    }
}
