// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Channel} from "../types/Channel.sol";
import {Lane} from "../types/Lane.sol";

/// @notice One-way channels: a deposit on chain, signed vouchers off chain, the newest of which is claimed.
/// @dev Every event carries the lane's whole word (deposit 96, settled 96, closesAt 32, epoch 31, reserved 1, low bits
/// first) as the call left it; Closed and Withdrawn as it was at its end.
interface IVoucherChannels {
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

    error NotPayer(address caller, address payer);
    error NotPayee(address caller, address payee);
    error InvalidAmount();
    error InvalidPayee(address payee);
    error InvalidSigner(address signer);
    error InvalidPeriod(uint256 period, uint256 shortest, uint256 longest);
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

    /// @notice The payer's deposit starts an epoch.
    function open(Channel calldata channel, uint96 amount) external payable returns (bytes32 channelId);

    /// @notice The payer adds to the deposit of an open channel that is not closing.
    function topUp(Channel calldata channel, uint96 amount) external payable;

    /// @notice Anyone pays the payee all that a voucher entitles it to and the deposit covers, until the window is over.
    function claim(Channel calldata channel, uint256 epoch, uint256 cumulativeAmount, bytes32 r, bytes32 vs) external;

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

    /// @notice The payer starts the window in which the payee must claim.
    function requestClose(Channel calldata channel) external;

    /// @notice The payer takes its request back.
    function cancelClose(Channel calldata channel) external;

    /// @notice Anyone ends the epoch once the window is over: what is not settled is the payer's.
    function withdraw(Channel calldata channel) external;

    function channelIdOf(Channel calldata channel) external pure returns (bytes32);

    function laneOf(bytes32 channelId)
        external
        view
        returns (uint96 deposit, uint96 settled, uint32 closesAt, uint32 epoch);
}
