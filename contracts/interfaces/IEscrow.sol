// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Amendment} from "../types/Amendment.sol";
import {Holding} from "../types/Holding.sol";
import {Terms} from "../types/Terms.sol";
import {IFunding} from "./IFunding.sol";

/// @notice Holds money under agreed terms until consent, a condition or the clock lets it go.
/// @dev A verb that lowers the hold names the level that it leaves (`heldAfter`), so a repeat moves nothing and reverts.
/// Events carry the payment's whole word as the verb left it (held 96, refundable 96, disputedAt 48, free 15, used 1, low
/// bits first): what moved is the difference from the event before.
interface IEscrow is IFunding {
    event Authorized(
        bytes32 indexed paymentId, address indexed payer, address indexed payee, address token, Holding holding
    );
    event Charged(
        bytes32 indexed paymentId, address indexed payer, address indexed payee, address token, Holding holding
    );
    event Captured(bytes32 indexed paymentId, Holding holding);
    event Released(bytes32 indexed paymentId, Holding holding);
    event Resolved(bytes32 indexed paymentId, Holding holding, bytes proof);
    event Voided(bytes32 indexed paymentId, Holding holding);
    event Refunded(bytes32 indexed paymentId, Holding holding);
    event Expired(bytes32 indexed paymentId, Holding holding);
    event Cancelled(bytes32 indexed paymentId);
    event Disputed(bytes32 indexed paymentId, address indexed party, Holding holding, bytes32 evidence);
    event Ruled(bytes32 indexed paymentId, Holding holding);
    event Settled(bytes32 indexed paymentId, Holding holding);
    /// @notice The hold moved to `toId`, whose `Authorized` follows.
    event Amended(bytes32 indexed fromId, bytes32 indexed toId, Holding holding);

    error NotPayer(address caller, address payer);
    error NotOperator(address caller, address operator);
    error NotPayeeOrOperator(address caller);
    error NotArbiter(address caller, address arbiter);
    error MayNotDispute(address party);
    /// @notice The party neither calls nor signed this digest.
    error NotSignedBy(address party, bytes32 digest);
    error DeadlinePassed(uint256 now_, uint256 deadline);
    error WrongNumberOfSignatures(uint256 given, uint256 expected);
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
    error UnderDispute(bytes32 paymentId, uint256 disputedAt);
    error NotDisputed(bytes32 paymentId);
    error RulingExpired(uint256 now_, uint256 end);
    error ExceedsHeld(bytes32 paymentId, uint256 toPayer, uint256 held);
    error OtherToken(address token, address expected);
    /// @notice An amendment's new amount is not what is held, plus what is paid in, less what is paid out.
    error WrongAmount(uint256 amount, uint256 held, uint256 paidIn, uint256 paidOut);
    error NoCondition(bytes32 paymentId);
    error WrongConditionData(bytes32 dataHash, bytes32 conditionHash);

    // terms that are refused when they are funded
    /// @notice A member of the terms is larger than its type: no other verb could read it.
    error MalformedTerms();
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

    /// @notice The payer funds many payments in one token, all or none, with one transfer.
    function authorizeMany(Terms[] calldata many) external payable;

    /// @notice Anyone brings the payer's authorization.
    /// @param authorization ALLOWANCE: the payer's signature over Authorize. ERC3009: the token's, over a
    /// ReceiveWithAuthorization with nonce = payment id, validAfter = 0, validBefore = fundBy. PERMIT2: a nonce in 32 bytes,
    /// then the signature over a PermitWitnessTransferFrom with deadline = fundBy and witness EscrowFunding(payment id).
    function authorizeBySig(Terms calldata terms, Method method, bytes calldata authorization)
        external
        payable
        returns (bytes32 paymentId);

    /// @notice The same by ERC-3009 and a plain key, the cheapest way: its signature as r and vs (EIP-2098).
    function authorizeERC3009(Terms calldata terms, bytes32 r, bytes32 vs) external returns (bytes32 paymentId);

    /// @notice The operator funds and captures all at once, under the guards of capture. Where the payment was authorized
    /// before and nothing else happened to it, this is a capture.
    function charge(Terms calldata terms, Method method, bytes calldata authorization) external payable;

    /// @notice The operator lets held money go to the payee, from `captureFrom` until the authorization's expiry, undisputed.
    function capture(Terms calldata terms, uint96 heldAfter) external;

    /// @notice The payer lets held money go to the payee, at any time.
    function release(Terms calldata terms, uint96 heldAfter) external;

    /// @notice The same by the payer's signature over Release, before its deadline.
    function releaseBySig(Terms calldata terms, uint96 heldAfter, uint48 deadline, bytes calldata signature) external;

    /// @notice Held money goes back: by the payee at any time, by the operator exactly when it may capture.
    function void(Terms calldata terms, uint96 heldAfter) external;

    /// @notice The same by the payee's signature over Void, before its deadline.
    function voidBySig(Terms calldata terms, uint96 heldAfter, uint48 deadline, bytes calldata signature) external;

    /// @notice Anyone shows the condition its proof, until the authorization's expiry; what it releases goes to the payee. A
    /// dispute stops that where the terms say so (flag 4).
    function resolve(Terms calldata terms, bytes calldata data, bytes calldata proof) external;

    /// @notice The payee or the operator gives back what was paid, with money of its own, before `refundExpiry`.
    /// @param held the hold as the caller knows it: a repeat after another verb reverts
    function refund(Terms calldata terms, uint96 held, uint96 refundableAfter) external payable;

    /// @notice A party whom the flags name asks the arbiter, once, until the authorization's expiry.
    /// @param evidence a hash of the party's choice, for the event only
    function dispute(Terms calldata terms, bytes32 evidence) external;

    /// @notice The same by the party's signature over Dispute, before its deadline.
    function disputeBySig(
        Terms calldata terms,
        address party,
        bytes32 evidence,
        uint48 deadline,
        bytes calldata signature
    ) external;

    /// @notice The arbiter splits what is held, in its time; the payee's share floors.
    function rule(Terms calldata terms, uint16 payeeBps) external;

    /// @notice The same by the arbiter's signature over Ruling, which counts for this dispute alone.
    function ruleBySig(Terms calldata terms, uint16 payeeBps, bytes calldata signature) external;

    /// @notice Payer and payee split what is held: the payer gets exactly `toPayer`. One who calls needs no signature.
    function settle(
        Terms calldata terms,
        uint96 toPayer,
        uint48 deadline,
        bytes calldata payerSignature,
        bytes calldata payeeSignature
    ) external;

    /// @notice What is held moves to new terms in the same token, before the hold is over; a dispute ends with it.
    /// @param signatures over Amend by the old payer, the old payee, and the new payer and payee where they are others than
    /// those two; one who calls needs none
    /// @param method how the new payer pays in; the nonce or witness is the Amend's digest, the deadline the Amend's
    function amend(
        Terms calldata from,
        Terms calldata to,
        Amendment calldata amendment,
        bytes[] calldata signatures,
        Method method,
        bytes calldata authorization
    ) external payable returns (bytes32 toId);

    /// @notice Anyone ends the hold once it is over, by the split that was agreed for the silence that led there.
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
