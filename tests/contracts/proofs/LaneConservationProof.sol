// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VoucherChannels} from "../../../contracts/channels/VoucherChannels.sol";
import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {Channel} from "../../../contracts/types/Channel.sol";
import {Lane, LaneLib} from "../../../contracts/types/Lane.sol";
import {Reserve} from "../../../contracts/types/Reserve.sol";
import {vm} from "../support/Vm.sol";

/// @notice The contract itself, with one lane put into whatever state.
contract ArrangedLanes is VoucherChannels {
    function arrange(bytes32 channelId, uint256 epoch, Lane lane, Reserve reserve) external {
        LaneLib.store(channelId, lane);
        _reserves[channelId][epoch] = reserve;
    }

    /// @return what the contract owes for the lane and for what this epoch has left
    function owed(bytes32 channelId, uint256 epoch) external view returns (uint256) {
        Lane lane = LaneLib.load(channelId);
        Reserve reserve = _reserves[channelId][epoch];
        assert(lane.settled() <= lane.deposit() && reserve.settled() <= reserve.ceiling());
        return lane.rest() + (reserve.isWithdrawn() ? reserve.ceiling() - reserve.settled() : 0);
    }
}

/// @notice For every time, and state of one lane and its reserve: no verb loses or makes money, and none takes what another
/// may. docs/proofs.md.
contract LaneConservationProof {
    ArrangedLanes private immutable _channels = new ArrangedLanes();
    address private constant PAYER = address(0xA1);
    address private constant PAYEE = address(0xA2);
    uint256 private constant WINDOW = 1 days;
    uint256 private constant PROMISE_WINDOW = 1 hours;

    struct Voucher {
        uint96 amount;
        bytes32 r;
        bytes32 vs;
    }

    function channel() private pure returns (Channel memory) {
        return Channel(PAYER, PAYEE, address(0), address(0xA3), WINDOW << 128 | PROMISE_WINDOW << 96);
    }

    function id() private pure returns (bytes32) {
        return keccak256(abi.encode(channel()));
    }

    /// @dev Any state of the present epoch, or of the one before it, and the money that belongs to it.
    function arranged(uint32 now_, uint256 epoch, Lane lane, Reserve reserve) private {
        vm.assume(lane.settled() <= lane.deposit() && lane.epoch() != LaneLib.LAST_EPOCH);
        vm.assume(reserve.settled() <= reserve.ceiling() && reserve.ceiling() <= type(uint96).max);
        // only an ended epoch's reserve was withdrawn, and what is reserved in the present one is at most the deposit
        vm.assume(reserve.isWithdrawn() == (epoch != lane.epoch()));
        vm.assume(reserve.isWithdrawn() || (reserve.settled() == 0 && reserve.ceiling() <= lane.deposit()));
        vm.warp(now_);
        _channels.arrange(id(), epoch, lane, reserve);
        vm.deal(address(_channels), _channels.owed(id(), epoch));
    }

    /// @dev What left the contract is what it no longer owes, and came to the two parties.
    function assertConserved(uint256 epoch, uint256 before) private view {
        uint256 credits = _channels.credits(address(0), PAYER) + _channels.credits(address(0), PAYEE);
        assert(address(_channels).balance == _channels.owed(id(), epoch) + credits);
        assert(address(_channels).balance + PAYER.balance + PAYEE.balance == before);
    }

    function total() private view returns (uint256) {
        return address(_channels).balance + PAYER.balance + PAYEE.balance;
    }

    function check_AWithdrawLosesNothingAndKeepsWhatIsReserved(uint32 now_, Lane lane, Reserve reserve) external {
        arranged(now_, lane.epoch(), lane, reserve);
        uint256 before = total();
        _channels.withdraw(channel());
        assertConserved(lane.epoch(), before);
        (,, uint256 until, bool kept) = _channels.reservedOf(id(), lane.epoch());
        if (kept) assert(now_ < until && until <= lane.closesAt() + PROMISE_WINDOW + WINDOW);
        assert(now_ >= lane.closesAt() && lane.closesAt() != 0);
    }

    function check_ASweepLosesNothing(uint32 now_, uint32 epoch, Lane lane, Reserve reserve) external {
        arranged(now_, epoch, lane, reserve);
        uint256 before = total();
        _channels.sweep(channel(), epoch);
        assertConserved(epoch, before);
        assert(now_ >= reserve.time() && epoch != lane.epoch());
    }

    function check_AClaimLosesNothingAndPaysNoOtherEpoch(
        uint32 now_,
        uint32 epoch,
        Lane lane,
        Reserve reserve,
        Voucher memory voucher
    ) external {
        arranged(now_, epoch, lane, reserve);
        uint256 before = total();
        _channels.claim(channel(), epoch, voucher.amount, voucher.r, voucher.vs);
        assertConserved(epoch, before);
        assertSettledRises(epoch, lane);
        if (epoch != lane.epoch()) assert(now_ < reserve.time());
    }

    function assertSettledRises(uint256 epoch, Lane lane) private view {
        (uint256 deposit, uint256 settled,,,) = _channels.laneOf(id());
        assert(deposit == lane.deposit() && settled >= lane.settled() && settled <= deposit);
        if (epoch != lane.epoch()) assert(settled == lane.settled());
    }

    /// @dev Without leaves, so nothing is recorded: what such a voucher may be worth is reserved all the same.
    function check_AReservationTakesNothingAndIsWithinTheDeposit(
        uint32 now_,
        uint32 epoch,
        Lane lane,
        Reserve reserve,
        uint96 total_,
        uint48 lastExpiry,
        Voucher memory voucher
    ) external {
        arranged(now_, epoch, lane, reserve);
        uint256 before = total();
        _channels.claimPromised(
            channel(),
            IVoucherChannels.PromisingVoucher(
                epoch, voucher.amount, total_, lastExpiry, new bytes32[](0), voucher.r, voucher.vs
            )
        );
        assertConserved(epoch, before);
        assertSettledRises(epoch, lane);
        (uint256 ceiling, uint256 settled,,) = _channels.reservedOf(id(), epoch);
        assert(epoch != lane.epoch() || (ceiling <= lane.deposit() && settled == 0));
    }

    function check_ACloseLosesNothing(uint32 now_, Lane lane, Reserve reserve, uint256 take, Voucher memory voucher)
        external
    {
        arranged(now_, lane.epoch(), lane, reserve);
        uint256 before = total();
        vm.prank(PAYEE);
        _channels.close(channel(), lane.epoch(), take, voucher.amount, voucher.r, voucher.vs);
        assertConserved(lane.epoch(), before);
        assert(address(_channels).balance == 0);
        assert(lane.closesAt() == 0 || now_ < lane.closesAt());
    }
}
