// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Channel} from "../types/Channel.sol";
import {DepositAuthorization} from "../types/ChannelFunding.sol";
import {Lane} from "../types/Lane.sol";
import {Promise} from "../types/Promise.sol";
import {Reserve} from "../types/Reserve.sol";
import {IFunding} from "./IFunding.sol";
import {IRecords} from "./IRecords.sol";

/// @notice One-way channels: a deposit on chain, signed vouchers off chain, the newest of which is claimed.
/// @dev Every event carries the lane's whole word (deposit 96, settled 96, closesAt 32, epoch 31, reserved 1, low bits
/// first) as the call left it; Closed and Withdrawn as it was at its end.
interface IVoucherChannels is IFunding, IRecords {
    event Opened(
        bytes32 indexed channelId,
        address indexed payer,
        address indexed payee,
        address token,
        address signer,
        uint256 periods,
        Lane lane
    );
    event ToppedUp(bytes32 indexed channelId, Lane lane);
    /// @dev Anonymous, since a batch has one a row and the name would be 3 % of its gas: the only log here with one topic.
    event Claimed(bytes32 indexed channelId, Lane lane) anonymous;
    event CloseRequested(bytes32 indexed channelId, Lane lane);
    event CloseCancelled(bytes32 indexed channelId, Lane lane);
    event Closed(bytes32 indexed channelId, Lane lane);
    event Withdrawn(bytes32 indexed channelId, Lane lane);
    /// @notice What is kept for an epoch's promises: reserved, moved by a withdraw, or paid from since.
    event Reserved(bytes32 indexed channelId, uint256 epoch, Reserve reserve);
    event Swept(bytes32 indexed channelId, uint256 epoch, Reserve reserve);

    error NotPayer(address caller, address payer);
    error NotPayee(address caller, address payee);
    error InvalidAmount();
    error InvalidPayee(address payee);
    error InvalidSigner(address signer);
    error DepositTooLarge(uint256 deposit, uint256 largest);
    error AlreadyOpen(bytes32 channelId);
    error NotOpen(bytes32 channelId);
    error NoEpochLeft(bytes32 channelId);
    error WrongEpoch(uint256 epoch, uint256 current);
    error InvalidSignature(address signer, address expected);
    error AmountNotIncreasing(uint256 covered, uint256 settled);
    error TakeTooLarge(uint256 take, uint256 covered);
    error ChannelClosing(bytes32 channelId, uint256 closesAt);
    error NotClosing(bytes32 channelId);
    error WindowOver(uint256 now_, uint256 closesAt);
    error WindowNotOver(uint256 now_, uint256 closesAt);
    error NothingReserved(bytes32 channelId, uint256 epoch);
    error ReserveOver(uint256 now_, uint256 until);
    error ReserveNotOver(uint256 now_, uint256 until);

    /// @notice The claims of one payee in one token whose channels share their windows.
    struct Batch {
        address payee;
        address token;
        uint256 windows; // window 32 | promiseWindow 32
        Claim[] claims;
    }

    /// @notice One voucher of the lane's present epoch: claims by the hundred are made of calldata, so it is packed.
    struct Claim {
        uint256 payerAndAmount; // payer 160 | cumulativeAmount 96
        uint256 signerAndSalt; // signer 160, or 0 where the payer itself signs | salt 96
        bytes32 r;
        bytes32 vs; // EIP-2098: the parity of y over s
    }

    /// @notice A voucher with all that it says. Without leaves it carries no promises, and total and lastExpiry are zero.
    struct PromisingVoucher {
        uint32 epoch;
        uint96 cumulativeAmount;
        uint96 total; // the most that the promises add, in base units
        uint48 lastExpiry;
        bytes32[] leaves; // the promises' hashes in strictly rising order, 16 at most
        bytes32 r;
        bytes32 vs; // EIP-2098: the parity of y over s
    }

    /// @notice The payer's deposit starts an epoch.
    function open(Channel calldata channel, uint96 amount) external payable returns (bytes32 channelId);

    /// @notice As open, by the payer's authorization of the token's transfer, which anyone may submit.
    /// @param authorization for Funding(1, channelId, epoch, salt), the epoch that it starts
    function openBySig(Channel calldata channel, uint96 amount, DepositAuthorization calldata authorization)
        external
        returns (bytes32 channelId);

    /// @notice The payer adds to the deposit of an open channel that is not closing.
    function topUp(Channel calldata channel, uint96 amount) external payable;

    /// @notice As topUp, by the payer's authorization for Funding(2, channelId, epoch, salt).
    function topUpBySig(Channel calldata channel, uint96 amount, DepositAuthorization calldata authorization) external;

    /// @notice Anyone pays the payee all that a voucher entitles it to and the deposit covers; when the window is over, what
    /// was reserved covers.
    function claim(Channel calldata channel, uint256 epoch, uint256 cumulativeAmount, bytes32 r, bytes32 vs) external;

    /// @notice As claim, of a voucher with promises: worth its amount and what is recorded of them, `total` at most. While the
    /// channel is closing it also reserves for those that can still be recorded; when the window is over, and after a withdraw,
    /// it pays from what was reserved.
    function claimPromised(Channel calldata channel, PromisingVoucher calldata voucher) external;

    /// @notice Anyone proves a promise before its expiry, in any state of the channel. What is recorded counts for every voucher
    /// of the epoch that carries the promise.
    function record(
        bytes32 channelId,
        uint256 epoch,
        Promise calldata promise_,
        bytes calldata data,
        bytes calldata proof
    ) external;

    /// @notice As claim, for many: neighbours of one payee and token are paid by one transfer, and a row that can't be paid,
    /// or was paid already, is passed over.
    function claimMany(Batch[] calldata batches) external;

    /// @notice The payee ends the epoch now: takes at most its entitlement, the rest is the payer's.
    /// @param take in all, what was claimed before included: a voucher is needed, and read, only above that
    function close(
        Channel calldata channel,
        uint256 epoch,
        uint256 take,
        uint256 cumulativeAmount,
        bytes32 r,
        bytes32 vs
    ) external;

    /// @notice As close, by the payee's LaneClose, which anyone may submit; the payee itself need not sign.
    /// @param voucher read only where `take` is above what is settled
    function closeBySig(
        Channel calldata channel,
        PromisingVoucher calldata voucher,
        uint256 take,
        uint256 deadline,
        bytes32 r,
        bytes32 vs
    ) external;

    /// @notice The payer starts the window in which the payee must claim.
    function requestClose(Channel calldata channel) external;

    /// @notice The payer takes its request back.
    function cancelClose(Channel calldata channel) external;

    /// @notice Anyone ends the epoch once the window is over: what is neither settled nor reserved is the payer's.
    function withdraw(Channel calldata channel) external;

    /// @notice Anyone gives the payer back what is left of an ended epoch's reserve, once that is over.
    function sweep(Channel calldata channel, uint256 epoch) external;

    function channelIdOf(Channel calldata channel) external pure returns (bytes32);

    function laneOf(bytes32 channelId)
        external
        view
        returns (uint96 deposit, uint96 settled, uint32 closesAt, uint32 epoch, bool reserved);

    /// @return ceiling the most that vouchers of the epoch may be worth in all, in base units
    /// @return settled once withdrawn: what is paid of that
    /// @return time the promises' last expiry; once withdrawn, the second at which the rest goes back to the payer
    /// @return withdrawn whether a withdraw has ended the epoch
    function reservedOf(bytes32 channelId, uint256 epoch)
        external
        view
        returns (uint96 ceiling, uint96 settled, uint48 time, bool withdrawn);
}
