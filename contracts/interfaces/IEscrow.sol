// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Holding} from "../types/Holding.sol";
import {Terms} from "../types/Terms.sol";

/// @notice Holds money under agreed terms until consent, a condition or the clock lets it go.
/// @dev A verb that lowers the hold names the level that it leaves (`heldAfter`), so a repeat moves nothing and reverts.
/// Events carry the payment's whole word as the verb left it (held 96, refundable 96, disputedAt 48, free 15, used 1, low
/// bits first): what moved is the difference from the event before.
interface IEscrow {
    event Authorized(
        bytes32 indexed paymentId, address indexed payer, address indexed payee, address token, Holding holding
    );
    event Captured(bytes32 indexed paymentId, Holding holding);
    event Released(bytes32 indexed paymentId, Holding holding);
    event Resolved(bytes32 indexed paymentId, Holding holding, bytes proof);
    event Voided(bytes32 indexed paymentId, Holding holding);
    event Refunded(bytes32 indexed paymentId, Holding holding);
    event Expired(bytes32 indexed paymentId, Holding holding);
    event Cancelled(bytes32 indexed paymentId);

    error NotPayer(address caller, address payer);
    error NotOperator(address caller, address operator);
    error NotPayeeOrOperator(address caller);
    /// @notice The id was authorized or cancelled before; it can never be used again.
    error AlreadyUsed(bytes32 paymentId);
    error NothingToMove(bytes32 paymentId, uint256 held, uint256 heldAfter);
    error NothingHeld(bytes32 paymentId);
    error NothingReleased(bytes32 paymentId, uint256 released, uint256 gone);
    error HeldChanged(bytes32 paymentId, uint256 held, uint256 expected);
    error NothingToRefund(bytes32 paymentId, uint256 refundable, uint256 refundableAfter);
    error TooEarly(uint256 now_, uint256 from);
    error AuthorizationExpired(uint256 now_, uint256 expiry);
    error NotExpired(uint256 now_, uint256 expiry);
    error RefundExpired(uint256 now_, uint256 expiry);
    error NoCondition(bytes32 paymentId);
    error WrongConditionData(bytes32 dataHash, bytes32 conditionHash);

    // terms that are refused when they are funded
    error InvalidAmount();
    error InvalidPayee(address payee);
    error InvalidFee(uint256 feeBps, address feeRecipient);
    error InvalidShare(uint256 bps);
    error InvalidFlags(uint256 flags);
    error InvalidRulingPeriod(uint256 rulingPeriod);
    error FundingTooLate(uint256 now_, uint256 fundBy);
    error TimesOutOfOrder(uint256 earlier, uint256 later);
    error TooFarAhead(uint256 time, uint256 latest);

    /// @notice The payer puts the money in. Open once per id, before `fundBy`.
    function authorize(Terms calldata terms) external payable returns (bytes32 paymentId);

    /// @notice The operator lets held money go to the payee, from `captureFrom` until the authorization's expiry.
    function capture(Terms calldata terms, uint96 heldAfter) external;

    /// @notice The payer lets held money go to the payee, at any time.
    function release(Terms calldata terms, uint96 heldAfter) external;

    /// @notice Held money goes back: by the payee at any time, by the operator exactly when it may capture.
    function void(Terms calldata terms, uint96 heldAfter) external;

    /// @notice Anyone shows the condition its proof, until the authorization's expiry; what it releases goes to the payee.
    function resolve(Terms calldata terms, bytes calldata data, bytes calldata proof) external;

    /// @notice The payee or the operator gives back what was paid, with money of its own, before `refundExpiry`.
    /// @param held the hold as the caller knows it: a repeat after another verb reverts
    function refund(Terms calldata terms, uint96 held, uint96 refundableAfter) external payable;

    /// @notice Anyone ends the hold once the authorization has expired, by the split that was agreed for silence.
    function expire(Terms calldata terms) external;

    /// @notice The payer makes an unfunded id unusable.
    function cancel(Terms calldata terms) external;

    function paymentIdOf(Terms calldata terms) external view returns (bytes32);

    /// @return held what waits, in base units
    /// @return refundable what the payee was paid and has not given back, fee included
    /// @return disputedAt zero while there is no dispute
    /// @return used true for ever once authorized or cancelled
    function holdingOf(bytes32 paymentId)
        external
        view
        returns (uint96 held, uint96 refundable, uint48 disputedAt, bool used);
}
