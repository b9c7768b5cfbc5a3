// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DepositAuthorization} from "../types/ChannelFunding.sol";
import {Duplex} from "../types/Duplex.sol";
import {DuplexChannel} from "../types/DuplexChannel.sol";
import {CloseTogether, Signatures, State, WithdrawTogether} from "../types/DuplexMessages.sol";
import {DuplexPromise, DuplexPromises} from "../types/DuplexPromise.sol";
import {Fight} from "../types/Fight.sol";
import {IFunding} from "./IFunding.sol";
import {IRecords} from "./IRecords.sol";

/// @notice Two-way channels: both parties' deposits on chain, states signed by both off chain, the newest of which decides.
/// @dev Events carry whole words, low bits first: Duplex (depositA 96, depositB 96, epoch 32) as the call left it, and at an end
/// with both parties' shares in the deposits' places; Fight (net 128, version 64, deadline 48, hasPromises 1).
interface IDuplexChannels is IFunding, IRecords {
    event Opened(
        bytes32 indexed channelId,
        address indexed partyA,
        address indexed partyB,
        address token,
        address signerA,
        address signerB,
        uint256 periods
    );
    event Deposited(bytes32 indexed channelId, Duplex duplex);
    event ClosedTogether(bytes32 indexed channelId, Duplex shares);
    event WithdrawnTogether(bytes32 indexed channelId, Duplex duplex, uint256 toA, uint256 toB);
    event Challenged(bytes32 indexed channelId, uint256 epoch, Fight fight, bytes32 promises);
    event Answered(bytes32 indexed channelId, uint256 epoch, Fight fight, bytes32 promises);
    /// @notice What is reserved for promises is part of the shares.
    event PaidOut(bytes32 indexed channelId, Duplex shares);
    /// @notice What each party's promises may still take from it, until that second.
    event Reserved(bytes32 indexed channelId, uint256 epoch, uint256 fromA, uint256 fromB, uint256 until);
    event Collected(bytes32 indexed channelId, uint256 epoch, uint256 toA, uint256 toB);
    event Swept(bytes32 indexed channelId, uint256 epoch, uint256 toA, uint256 toB);

    error NotParty(address caller);
    error InvalidAmount();
    error InvalidParty(address party);
    error InvalidSigner(address signer);
    error DepositTooLarge(uint256 deposit, uint256 largest);
    error NotOpen(bytes32 channelId);
    error NoEpochLeft(bytes32 channelId);
    error WrongEpoch(uint256 epoch, uint256 current);
    error InvalidSignature(address signer, address expected);
    error WithdrawalTooLarge(uint256 amount, uint256 share);
    error AlreadyChallenged(bytes32 channelId, uint256 epoch);
    error NotChallenged(bytes32 channelId, uint256 epoch);
    error VersionNotNewer(uint256 version, uint256 current);
    /// @notice Version 0 stands for no state at all: nobody owes, and nothing is promised.
    error NoState();
    error FightOver(uint256 now_, uint256 deadline);
    error FightNotOver(uint256 now_, uint256 deadline);
    error WrongPromises(bytes32 promises, bytes32 expected);
    error NothingReserved(bytes32 channelId, uint256 epoch);
    error NothingToCollect(bytes32 channelId, uint256 epoch);
    error ReserveOver(uint256 now_, uint256 until);
    error ReserveNotOver(uint256 now_, uint256 until);

    /// @notice A party adds to its own deposit, in a fight too; the first deposit starts an epoch.
    /// @param epoch the present one: a deposit that an end overtook does not start the next
    function deposit(DuplexChannel calldata channel, uint256 epoch, uint96 amount) external payable;

    /// @notice As deposit, by the party's authorization of the token's transfer, which anyone may submit.
    /// @param authorization for Funding(3, channelId, epoch, salt)
    function depositBySig(
        DuplexChannel calldata channel,
        uint256 epoch,
        bool byA,
        uint96 amount,
        DepositAuthorization calldata authorization
    ) external;

    /// @notice Both end the epoch now, a fight too: A owes B `net`.
    function closeTogether(DuplexChannel calldata channel, CloseTogether calldata end, Signatures calldata signatures)
        external;

    /// @notice Both fold `net` into the deposits, take something out, and go on in the next epoch.
    function withdrawTogether(
        DuplexChannel calldata channel,
        WithdrawTogether calldata end,
        Signatures calldata signatures
    ) external;

    /// @notice A party starts the window, with its newest state, or with version 0 and without one.
    function challenge(DuplexChannel calldata channel, State calldata state, Signatures calldata signatures) external;

    /// @notice As challenge, by a party's Challenge, which anyone may submit before the second `deadline`.
    function challengeBySig(
        DuplexChannel calldata channel,
        State calldata state,
        Signatures calldata signatures,
        bool byA,
        uint48 deadline,
        bytes32 r,
        bytes32 vs
    ) external;

    /// @notice Anyone posts a newer state before the window is over. The deadline does not move.
    function answer(DuplexChannel calldata channel, State calldata state, Signatures calldata signatures) external;

    /// @notice Anyone ends the epoch once the window is over, by the newest state that was posted.
    /// @param promises of that state; where it has none they are not read
    function payOut(DuplexChannel calldata channel, DuplexPromises calldata promises) external;

    /// @notice Anyone proves a promise before its expiry, in any state of the channel.
    function record(
        bytes32 channelId,
        uint256 epoch,
        DuplexPromise calldata promise_,
        bytes calldata data,
        bytes calldata proof
    ) external;

    /// @notice Anyone pays out, of what an ended epoch has reserved, what is recorded of its promises.
    /// @param leaves the promises' hashes in strictly rising order, 16 at most
    function collect(
        DuplexChannel calldata channel,
        uint256 epoch,
        DuplexPromises calldata promises,
        bytes32[] calldata leaves
    ) external;

    /// @notice Anyone gives both parties back what is left of a reserve, once that is over.
    function sweep(DuplexChannel calldata channel, uint256 epoch) external;

    function channelIdOf(DuplexChannel calldata channel) external pure returns (bytes32);

    function duplexOf(bytes32 channelId) external view returns (uint96 depositA, uint96 depositB, uint32 epoch);

    /// @notice The deadline is zero where there is no fight, or none any more.
    function fightOf(bytes32 channelId, uint256 epoch)
        external
        view
        returns (int128 net, uint64 version, uint48 deadline, bytes32 promises);

    /// @notice What is reserved of each party's share for its promises, and what of that is paid.
    function reserveOf(bytes32 channelId, uint256 epoch)
        external
        view
        returns (uint96 fromA, uint96 paidFromA, uint96 fromB, uint96 paidFromB, uint48 until, bytes32 promises);
}
