// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {LanePromiseSteps} from "./LanePromiseSteps.sol";
import {vm} from "./Vm.sol";

/// @notice Legal steps on four lanes, and steps that must fail; it keeps its own books.
contract LaneHandler is LanePromiseSteps {
    function fund(uint256 lane, uint96 amount) external on(lane) {
        (uint256 deposit,, uint256 closesAt,,) = channels.laneOf(channelId);
        if (closesAt != 0) return;
        amount = uint96((amount % 4 == 0 ? 1 : 1e23) + amount % 1e24);
        MOODY.be(MoodyToken.Mood.PLAIN);
        if (deposit == 0) open(amount);
        else topUp(amount);
        MOODY.be(_mood);
        books[lane % LANES].deposited += amount;
    }

    function claimOne(uint256 lane, uint256 amount) external on(lane) {
        (uint256 deposit, uint256 settled, uint256 closesAt, uint256 epoch,) = channels.laneOf(channelId);
        if (settled == deposit || (closesAt != 0 && _clock >= closesAt)) return;
        uint256 before = _wealth(payee);
        claim(epoch, settled + 1 + amount % (deposit * 2));
        books[lane % LANES].toPayee += _wealth(payee) - before;
    }

    /// @dev The newest voucher of each lane in this token, one of the epoch before, and one that nobody signed.
    function claimAll(uint256 lane, uint96 amount, uint256 shift) external on(lane) {
        IVoucherChannels.Batch[] memory batches = batchOf(6);
        uint256[LANES] memory settledBefore;
        for (uint256 i = 0; i < LANES; ++i) {
            _choose(i);
            (, uint256 settled,, uint256 epoch,) = channels.laneOf(channelId);
            settledBefore[i] = settled;
            if (i / 2 != (lane % LANES) / 2) continue;
            uint256 row = i % 2 * 3;
            uint96 salt = uint96(i + 1);
            uint96 sum = uint96(uint256(amount) >> shift % 96);
            batches[0].claims[row] = rowOf(SIGNER_KEY, signer, salt, channelId, epoch == 0 ? 9 : epoch - 1, sum);
            batches[0].claims[row + 1] = rowOf(SIGNER_KEY, signer, salt, channelId, epoch, sum);
            batches[0].claims[row + 2] = rowOf(SIGNER_KEY + 1, signer, salt, channelId, epoch, type(uint96).max);
        }
        _choose(lane % LANES);
        batches[0].token = channel.token;
        uint256 before = _wealth(payee);
        channels.claimMany(batches);
        _book(settledBefore, _wealth(payee) - before);
    }

    /// @dev The payee's end, by its call or by its signature, for what promises are worth too.
    function closeNow(uint256 lane, uint256 take, uint256 mask, bool bySig) external on(lane) {
        lane %= LANES;
        (uint256 deposit,, uint256 closesAt, uint256 epoch,) = channels.laneOf(channelId);
        if (deposit == 0 || (closesAt != 0 && _clock >= closesAt)) return;
        (uint256 toPayee, uint256 toPayer) = (_wealth(payee), _wealth(payer));
        take = take % (deposit + 1);
        uint256 recorded = bySig ? _recordedOf(lane, epoch, mask) : 0;
        uint96 amount = uint96(take > recorded ? take - recorded : 0);
        if (bySig) closeBySig(voucherOf(epoch, amount, _listed(mask)), take);
        else close(epoch, take, take);
        _end(lane, _wealth(payee) - toPayee, _wealth(payer) - toPayer, 0);
    }

    function askToClose(uint256 lane) external on(lane) {
        (uint256 deposit,, uint256 closesAt,,) = channels.laneOf(channelId);
        if (deposit != 0 && closesAt == 0) requestClose();
    }

    function takeBack(uint256 lane) external on(lane) {
        (,, uint256 closesAt,,) = channels.laneOf(channelId);
        if (closesAt == 0) return;
        cancelClose();
        delete holds[lane % LANES];
    }

    /// @dev What was reserved stays until its second, whoever withdraws, and no longer than was signed.
    function withdraw(uint256 lane, uint256 late) external on(lane) {
        lane %= LANES;
        (,, uint256 closesAt, uint256 epoch,) = channels.laneOf(channelId);
        if (closesAt == 0) return;
        if (_clock < closesAt) vm.warp(_clock = closesAt + (late % 4 == 0 ? late % (3 * WINDOW) : 0));
        Hold memory hold = holds[lane];
        uint256 until = _until(closesAt, hold.last);
        uint256 settled = books[lane].toPayee;
        uint256 toPayer = _wealth(payer);
        channels.withdraw(channel);

        bool keeps = _clock < until && hold.ceiling > settled;
        if (keeps) kept[lane][epoch] = Kept(hold.ceiling, settled, until);
        vm.assertLe(until, closesAt + PROMISE_WINDOW + WINDOW, "not longer than was signed");
        _end(lane, 0, _wealth(payer) - toPayer, keeps ? hold.ceiling - settled : 0);
    }

    /// @dev No voucher of an epoch that is over is worth anything under another number; where nothing was kept for its
    /// promises, not under its own either.
    function replay(uint256 lane, uint256 age, uint96 amount) external on(lane) {
        (,,, uint256 epoch,) = channels.laneOf(channelId);
        if (epoch == 0) return;
        uint256 old = epoch - 1 - age % epoch;
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY, channelId, old, amount);
        for (uint256 named = old; named <= epoch; named += epoch - old) {
            if (named == old && kept[lane % LANES][old].until != 0) continue;
            (bool paid,) = address(channels).call(abi.encodeCall(channels.claim, (channel, named, amount, r, vs)));
            vm.assertTrue(!paid, "a closed epoch never pays");
        }
    }

    function pass(uint256 time) external {
        _clock += time % (WINDOW / 2);
    }

    function spoil(uint8 mood) external {
        _mood = [
            MoodyToken.Mood.PLAIN,
            MoodyToken.Mood.REVERTS,
            MoodyToken.Mood.FALSE_UNMOVED,
            MoodyToken.Mood.FALSE_MOVED,
            MoodyToken.Mood.BURNS_GAS
        ][mood % 5];
        MOODY.be(_mood);
        MoodyParty(payable(payee))
            .be([MoodyParty.Mood.ACCEPTS, MoodyParty.Mood.REVERTS, MoodyParty.Mood.BURNS_GAS][mood % 3]);
    }

    function collect(uint256 lane, bool payers) external on(lane) {
        address owner = payers ? payer : payee;
        uint256 credit = channels.credits(channel.token, owner);
        if (credit == 0) return;
        MOODY.be(MoodyToken.Mood.PLAIN);
        uint256 before = balanceOf(stranger);
        vm.prank(owner);
        channels.withdrawCredit(channel.token, stranger);
        MOODY.be(_mood);
        vm.assertEq(balanceOf(stranger) - before, credit, "the whole credit");
    }

    function donate(uint256 lane, uint96 amount) external on(lane) {
        donated[channel.token] += amount;
        if (channel.token == NATIVE) vm.deal(address(channels), address(channels).balance + amount);
        else MOODY.mint(address(channels), amount);
    }
}
