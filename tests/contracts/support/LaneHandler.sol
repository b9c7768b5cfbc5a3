// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {ChannelsCase} from "./ChannelsCase.sol";
import {vm} from "./Vm.sol";

/// @notice Legal steps on four lanes, two in a token, two in native money, whose receivers may fail; it keeps its own books.
contract LaneHandler is ChannelsCase {
    /// @dev Of one lane's present epoch. A credit is paid: it is the owner's, wherever it stands.
    struct Books {
        uint256 deposited;
        uint256 toPayee;
        uint256 epoch;
    }

    uint256 public constant LANES = 4;
    mapping(uint256 lane => Books) public books;
    mapping(address token => uint256) public donated;
    MoodyToken public immutable MOODY;
    MoodyParty private immutable _PARTY;
    MoodyToken.Mood private _mood;
    uint256 private _clock = NOW;

    constructor() {
        setUp();
        MOODY = moodyToken();
        _PARTY = new MoodyParty();
        payee = address(_PARTY);
    }

    modifier on(uint256 lane) {
        vm.warp(_clock);
        _choose(lane % LANES);
        _;
    }

    function fund(uint256 lane, uint96 amount) external on(lane) {
        (uint256 deposit,, uint256 closesAt,) = channels.laneOf(channelId);
        if (closesAt != 0) return;
        amount = uint96(1 + amount % 1e24);
        MOODY.be(MoodyToken.Mood.PLAIN);
        if (deposit == 0) open(amount);
        else topUp(amount);
        MOODY.be(_mood);
        books[lane % LANES].deposited += amount;
    }

    function claimOne(uint256 lane, uint256 amount) external on(lane) {
        (uint256 deposit, uint256 settled, uint256 closesAt, uint256 epoch) = channels.laneOf(channelId);
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
            (, uint256 settled,, uint256 epoch) = channels.laneOf(channelId);
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

    function closeNow(uint256 lane, uint256 take) external on(lane) {
        (uint256 deposit,, uint256 closesAt, uint256 epoch) = channels.laneOf(channelId);
        if (deposit == 0 || (closesAt != 0 && _clock >= closesAt)) return;
        (uint256 toPayee, uint256 toPayer) = (_wealth(payee), _wealth(payer));
        take = take % (deposit + 1);
        close(epoch, take, take);
        _end(lane % LANES, _wealth(payee) - toPayee, _wealth(payer) - toPayer);
    }

    function askToClose(uint256 lane) external on(lane) {
        (uint256 deposit,, uint256 closesAt,) = channels.laneOf(channelId);
        if (deposit != 0 && closesAt == 0) requestClose();
    }

    function takeBack(uint256 lane) external on(lane) {
        (,, uint256 closesAt,) = channels.laneOf(channelId);
        if (closesAt != 0) cancelClose();
    }

    function withdraw(uint256 lane) external on(lane) {
        (,, uint256 closesAt,) = channels.laneOf(channelId);
        if (closesAt == 0) return;
        if (_clock < closesAt) vm.warp(_clock = closesAt);
        uint256 toPayer = _wealth(payer);
        channels.withdraw(channel);
        _end(lane % LANES, 0, _wealth(payer) - toPayer);
    }

    /// @dev No voucher of an epoch that is over is worth anything, however it is brought.
    function replay(uint256 lane, uint256 age, uint96 amount) external on(lane) {
        (,,, uint256 epoch) = channels.laneOf(channelId);
        if (epoch == 0) return;
        uint256 old = epoch - 1 - age % epoch;
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY, channelId, old, amount);
        for (uint256 named = old; named <= epoch; named += epoch - old) {
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
        _PARTY.be([MoodyParty.Mood.ACCEPTS, MoodyParty.Mood.REVERTS, MoodyParty.Mood.BURNS_GAS][mood % 3]);
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

    /// @return deposit of this lane, with what is settled of it and the epoch's number
    function laneAt(uint256 lane) external returns (uint256 deposit, uint256 settled, uint256 epoch) {
        _choose(lane);
        (deposit, settled,, epoch) = channels.laneOf(channelId);
    }

    /// @return held by the contract in this token, and what of it is owed as credits
    function holdings(address token_) external view returns (uint256 held, uint256 owed) {
        held = token_ == NATIVE ? address(channels).balance : MOODY.balanceOf(address(channels));
        owed = channels.credits(token_, payer) + channels.credits(token_, payee);
    }

    function _choose(uint256 lane) private {
        use(lane / 2 == 0 ? address(MOODY) : NATIVE);
        channel.periods = periods(WINDOW, PROMISE_WINDOW, lane + 1);
        channelId = idOf(channel);
    }

    function _wealth(address owner) private view returns (uint256) {
        return balanceOf(owner) + channels.credits(channel.token, owner);
    }

    /// @dev A batch pays exactly what its lanes are settled by.
    function _book(uint256[LANES] memory settledBefore, uint256 paid) private {
        for (uint256 i = 0; i < LANES; ++i) {
            _choose(i);
            (, uint256 settled,,) = channels.laneOf(channelId);
            vm.assertGe(settled, settledBefore[i], "settled never falls");
            books[i].toPayee += settled - settledBefore[i];
            paid -= settled - settledBefore[i];
        }
        vm.assertEq(paid, 0, "paid what was settled");
    }

    function _end(uint256 lane, uint256 toPayee, uint256 toPayer) private {
        Books memory book = books[lane];
        vm.assertEq(book.toPayee + toPayee + toPayer, book.deposited, "an epoch's payouts are its deposits");
        books[lane] = Books(0, 0, book.epoch + 1);
    }
}
