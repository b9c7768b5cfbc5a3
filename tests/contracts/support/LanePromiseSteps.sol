// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {Promise} from "../../../contracts/types/Promise.sol";
import {LaneBooks} from "./LaneBooks.sol";
import {vm} from "./Vm.sol";

/// @notice Steps with promises: made, proven, claimed in every phase, and swept. What each must pay is worked out here anew.
abstract contract LanePromiseSteps is LaneBooks {
    uint256 private constant SLOTS = 6;
    mapping(uint256 lane => mapping(uint256 epoch => mapping(bytes32 leaf => uint256))) private _proven;
    Promise[SLOTS] private _promises;
    uint256 private _salt;

    constructor() {
        for (uint256 i = 0; i < SLOTS; ++i) {
            _promise(i, 1e23, i * WINDOW / 2);
        }
    }

    /// @dev Any lane's vouchers may list it from now on, in place of an older one.
    function promiseAnew(uint256 which, uint96 amount, uint256 time) external {
        _promise(which % SLOTS, amount, time);
    }

    function prove(uint256 lane, uint256 age, uint256 which, uint256 part) external on(lane) {
        _prove(lane % LANES, _epoch(lane % LANES, age), which, part);
    }

    function claimPromises(uint256 lane, uint256 age, uint96 amount, uint256 mask) external on(lane) {
        lane %= LANES;
        _claimPromises(lane, _epoch(lane, age), amount, mask);
    }

    /// @dev The payee's answer to a request: what is due is paid, what may still be due is reserved.
    function requestAndAnswer(uint256 lane, uint96 amount, uint256 mask) external on(lane) {
        lane %= LANES;
        if (books[lane].deposited == 0) return;
        (,, uint256 closesAt,,) = channels.laneOf(channelId);
        if (closesAt == 0) requestClose();
        _claimPromises(lane, books[lane].epoch, amount, mask);
    }

    /// @dev The window ends; whoever comes now finds the reserve, or nothing.
    function awaitClose(uint256 lane) external on(lane) {
        (,, uint256 closesAt,,) = channels.laneOf(channelId);
        if (_clock < closesAt) _clock = closesAt;
    }

    /// @dev Of some lane whose last epoch left a reserve that is not over, if there is one.
    function claimKept(uint96 amount, uint256 mask, uint256 part) external {
        for (uint256 lane = 0; lane < LANES; ++lane) {
            uint256 epoch = books[lane].epoch;
            if (epoch == 0 || _clock >= kept[lane][epoch - 1].until) continue;
            vm.warp(_clock);
            _choose(lane);
            _prove(lane, epoch - 1, part, part);
            return _claimPromises(lane, epoch - 1, amount, mask);
        }
    }

    /// @dev Too early it moves nothing; from its second on the payer gets all that is left.
    function sweep(uint256 lane, uint256 age, bool waits) external on(lane) {
        lane %= LANES;
        uint256 epoch = _epoch(lane, age);
        Kept memory left = kept[lane][epoch];
        if (left.until == 0 || _clock < left.until) {
            (bool swept,) = address(channels).call(abi.encodeCall(channels.sweep, (channel, epoch)));
            vm.assertTrue(!swept, "nothing is swept early");
        }
        if (left.until == 0) return;
        if (_clock < left.until) {
            if (!waits) return;
            vm.warp(_clock = left.until);
        }
        uint256 toPayer = _wealth(payer);
        channels.sweep(channel, epoch);
        vm.assertEq(_wealth(payer) - toPayer, left.ceiling - left.settled, "all that is left");
        delete kept[lane][epoch];
    }

    function _claimPromises(uint256 lane, uint256 epoch, uint96 amount, uint256 mask) private {
        amount = uint96(amount % 3e23);
        IVoucherChannels.PromisingVoucher memory voucher = voucherOf(epoch, amount, _listed(mask));
        uint256 due = _due(lane, epoch, amount + _recordedOf(lane, epoch, mask));
        _show(voucher, due, _hold(lane, epoch, voucher));
        if (epoch == books[lane].epoch) books[lane].toPayee += due;
        else kept[lane][epoch].settled += due;
    }

    function _prove(uint256 lane, uint256 epoch, uint256 which, uint256 part) private {
        Promise memory one = _promises[which % SLOTS];
        uint256 before = _proven[lane][epoch][leafOf(one)];
        if (_clock >= one.expiry || before == one.amount) return;
        uint256 released = before + 1 + part % (one.amount - before);
        record(epoch, one, released);
        _proven[lane][epoch][leafOf(one)] = released;
        vm.assertEq(channels.recordedOf(subjectOf(epoch, one)), released, "recorded");
    }

    function _promise(uint256 which, uint96 amount, uint256 time) private {
        uint256 expiry = _clock + time % (3 * WINDOW);
        _promises[which] = promiseOf(uint96(1 + amount % 1e24), uint48(expiry), ++_salt);
    }

    /// @dev The present epoch, or one of the two before.
    function _epoch(uint256 lane, uint256 age) internal view returns (uint256) {
        uint256 epoch = books[lane].epoch;
        return epoch - age % (epoch < 2 ? epoch + 1 : 3);
    }

    function _listed(uint256 mask) internal view returns (Promise[] memory listed) {
        uint256 count = 0;
        for (uint256 i = 0; i < SLOTS; ++i) {
            if (_lists(mask, i)) ++count;
        }
        listed = new Promise[](count);
        for (uint256 i = SLOTS; i > 0; --i) {
            if (_lists(mask, i - 1)) listed[--count] = _promises[i - 1];
        }
    }

    function _recordedOf(uint256 lane, uint256 epoch, uint256 mask) internal view returns (uint256 sum) {
        for (uint256 i = 0; i < SLOTS; ++i) {
            if (_lists(mask, i)) sum += _proven[lane][epoch][leafOf(_promises[i])];
        }
    }

    function _lists(uint256 mask, uint256 which) private pure returns (bool) {
        return mask >> which & 1 == 1;
    }

    function _show(IVoucherChannels.PromisingVoucher memory voucher, uint256 due, bool grows) private {
        uint256 before = _wealth(payee);
        (bool success,) = address(channels).call(abi.encodeCall(channels.claimPromised, (channel, voucher)));
        vm.assertTrue(success == (due != 0 || grows), "paid or reserved exactly where there is something");
        vm.assertEq(_wealth(payee) - before, due, "paid what was due");
    }

    /// @return what such a voucher of this epoch is paid now
    function _due(uint256 lane, uint256 epoch, uint256 worth) private view returns (uint256) {
        (uint256 most, uint256 settled) = _payable(lane, epoch);
        if (worth > most) worth = most;
        return worth > settled ? worth - settled : 0;
    }

    /// @return most that a voucher of this epoch is worth now
    /// @return settled of that already
    function _payable(uint256 lane, uint256 epoch) private view returns (uint256 most, uint256 settled) {
        if (epoch != books[lane].epoch) {
            Kept memory left = kept[lane][epoch];
            return _clock < left.until ? (left.ceiling, left.settled) : (0, 0);
        }
        (,, uint256 closesAt,,) = channels.laneOf(channelId);
        settled = books[lane].toPayee;
        if (closesAt == 0 || _clock < closesAt) return (books[lane].deposited, settled);
        Hold memory hold = holds[lane];
        if (hold.last != 0 && _clock < _until(closesAt, hold.last)) most = hold.ceiling;
    }

    /// @return grows whether this close holds more, or longer, for the voucher than it did
    function _hold(uint256 lane, uint256 epoch, IVoucherChannels.PromisingVoucher memory voucher)
        private
        returns (bool grows)
    {
        (uint256 deposit,, uint256 closesAt,,) = channels.laneOf(channelId);
        if (epoch != books[lane].epoch || _clock >= closesAt || _clock >= voucher.lastExpiry) return false;
        uint256 most = uint256(voucher.cumulativeAmount) + voucher.total;
        if (most > deposit) most = deposit;
        Hold memory hold = holds[lane];
        grows = most > hold.ceiling || voucher.lastExpiry > hold.last;
        if (most > hold.ceiling) hold.ceiling = most;
        if (voucher.lastExpiry > hold.last) hold.last = voucher.lastExpiry;
        holds[lane] = hold;
    }
}
