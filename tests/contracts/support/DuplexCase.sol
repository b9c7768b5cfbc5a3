// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Deadline} from "../../../contracts/channels/Deadline.sol";
import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {TestToken} from "../../../contracts/testing/TestToken.sol";
import {Duplex} from "../../../contracts/types/Duplex.sol";
import {DuplexChannel} from "../../../contracts/types/DuplexChannel.sol";
import {CloseTogether, Signatures, State, WithdrawTogether} from "../../../contracts/types/DuplexMessages.sol";
import {DuplexPromises} from "../../../contracts/types/DuplexPromise.sol";
import {Fight} from "../../../contracts/types/Fight.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {DuplexSigning, Duplexes} from "./DuplexSigning.sol";
import {vm} from "./Vm.sol";

/// @notice Two parties, one two-way channel, and its verbs.
abstract contract DuplexCase is DuplexSigning {
    uint256 internal constant NOW = 1_800_000_000;
    uint256 internal constant WINDOW = 1 days;
    uint256 internal constant PROMISE_WINDOW = 2 hours;
    uint256 internal constant OVER = NOW + WINDOW;
    uint48 internal constant LATEST = uint48(NOW + 30 days);
    uint96 internal constant DEPOSIT_A = 700;
    uint96 internal constant DEPOSIT_B = 300;
    uint96 internal constant ALL = DEPOSIT_A + DEPOSIT_B;
    uint256 internal constant PURSE = type(uint104).max;
    address internal constant NATIVE = address(0);

    TestToken internal token;
    address internal partyA = address(0xA4A);
    address internal partyB = address(0xB4B);
    address internal signerA = vm.addr(KEY_A);
    address internal signerB = vm.addr(KEY_B);
    address internal stranger = address(0x57A6E4);
    DuplexChannel internal channel;
    bytes32 internal channelId;

    function setUp() public virtual {
        vm.warp(NOW);
        duplexes = Duplexes(vm.deployCode("chain/artifacts/DuplexChannels.json"));
        token = new TestToken();
        equip(address(token));
        vm.deal(partyA, PURSE);
        vm.deal(partyB, PURSE);
        use(address(token));
    }

    /// @dev Both parties have much of it and have approved it.
    function equip(address token_) internal {
        address[2] memory parties = [partyA, partyB];
        for (uint256 i = 0; i < 2; ++i) {
            TestToken(token_).mint(parties[i], PURSE);
            vm.prank(parties[i]);
            TestToken(token_).approve(address(duplexes), type(uint256).max);
        }
    }

    /// @dev From here on the channel is one in this token.
    function use(address token_) internal {
        channel = DuplexChannel(partyA, partyB, token_, signerA, signerB, periods(WINDOW, PROMISE_WINDOW, 1));
        channelId = idOf(channel);
    }

    function moodyToken() internal returns (MoodyToken made) {
        made = new MoodyToken();
        equip(address(made));
    }

    function periods(uint256 window, uint256 promiseWindow, uint256 salt) internal pure returns (uint256) {
        return window << 128 | promiseWindow << 96 | salt;
    }

    function idOf(DuplexChannel memory one) internal pure returns (bytes32) {
        return keccak256(abi.encode(one));
    }

    /// @dev Read past the contract's functions, whose call would be the one that an expected revert waits for.
    function epochNow() internal view returns (uint32) {
        return uint32(uint256(vm.load(address(duplexes), channelId)) >> 192);
    }

    function deposit(address party, uint256 epoch, uint96 amount) internal {
        uint256 value = channel.token == NATIVE ? amount : 0;
        vm.prank(party);
        duplexes.deposit{value: value}(channel, epoch, amount);
    }

    /// @dev Both deposit, in whichever epoch is next.
    function open() internal {
        uint256 epoch = epochNow();
        deposit(partyA, epoch, DEPOSIT_A);
        deposit(partyB, epoch, DEPOSIT_B);
    }

    function stateOf(uint64 version, int256 net) internal view returns (State memory) {
        return State(epochNow(), version, net, 0);
    }

    function wordsOf(State memory state) internal view returns (bytes memory) {
        return abi.encode(channelId, state.epoch, state.version, state.net, state.promises);
    }

    function signed(State memory state) internal view returns (Signatures memory) {
        return signBoth(STATE, wordsOf(state));
    }

    function challenge(address party, State memory state) internal {
        Signatures memory signatures = signed(state);
        vm.prank(party);
        duplexes.challenge(channel, state, signatures);
    }

    function answer(State memory state) internal {
        Signatures memory signatures = signed(state);
        vm.prank(stranger);
        duplexes.answer(channel, state, signatures);
    }

    /// @dev By a stranger, of a state without promises.
    function payOut() internal {
        DuplexPromises memory none;
        vm.prank(stranger);
        duplexes.payOut(channel, none);
    }

    function wordsOf(CloseTogether memory end) internal view returns (bytes memory) {
        return abi.encode(channelId, end.epoch, end.net, end.deadline);
    }

    function wordsOf(WithdrawTogether memory end) internal view returns (bytes memory) {
        return abi.encode(channelId, end.epoch, end.net, end.toA, end.toB, end.deadline);
    }

    function closeTogether(CloseTogether memory end) internal {
        Signatures memory signatures = signBoth(CLOSE_TOGETHER, wordsOf(end));
        vm.prank(stranger);
        duplexes.closeTogether(channel, end, signatures);
    }

    function withdrawTogether(WithdrawTogether memory end) internal {
        Signatures memory signatures = signBoth(WITHDRAW_TOGETHER, wordsOf(end));
        vm.prank(stranger);
        duplexes.withdrawTogether(channel, end, signatures);
    }

    function closeTogether(int256 net) internal {
        closeTogether(CloseTogether(epochNow(), net, LATEST));
    }

    function withdrawTogether(int256 net, uint96 toA, uint96 toB) internal {
        withdrawTogether(WithdrawTogether(epochNow(), net, toA, toB, LATEST));
    }

    function wordOf(uint256 depositA, uint256 depositB, uint256 epoch) internal pure returns (Duplex) {
        return Duplex.wrap(depositA | depositB << 96 | epoch << 192);
    }

    function fightWord(int128 net, uint64 version, uint256 deadline, bool hasPromises) internal pure returns (Fight) {
        uint256 flag = hasPromises ? 1 : 0;
        return Fight.wrap(uint128(net) | uint256(version) << 128 | deadline << 192 | flag << 240);
    }

    /// @return toA what A has of both deposits where it owes B `net`, no more than its own and no less than minus B's
    /// @return toB what B has
    function sharesOf(uint256 depositA, uint256 depositB, int256 net) internal pure returns (uint256 toA, uint256 toB) {
        if (net > int256(depositA)) net = int256(depositA);
        if (net < -int256(depositB)) net = -int256(depositB);
        return (uint256(int256(depositA) - net), uint256(int256(depositB) + net));
    }

    /// @dev What a state may say that A owes B: all that is possible up to both bounds, and all that is not.
    function netsAtTheBounds() internal pure returns (int256[14] memory) {
        int256 a = int256(uint256(DEPOSIT_A));
        int256 b = int256(uint256(DEPOSIT_B));
        int256 most = type(int128).max;
        int256 least = type(int128).min;
        return [
            int256(0),
            a - 1,
            a,
            a + 1,
            1 - b,
            -b,
            -b - 1,
            most,
            most + 1,
            least,
            least - 1,
            2 ** 96,
            type(int256).max,
            type(int256).min
        ];
    }

    function assertDuplex(uint256 depositA, uint256 depositB, uint256 epoch) internal view {
        (uint256 depositA_, uint256 depositB_, uint256 epoch_) = duplexes.duplexOf(channelId);
        vm.assertEq(depositA_, depositA, "depositA");
        vm.assertEq(depositB_, depositB, "depositB");
        vm.assertEq(epoch_, epoch, "epoch");
        bytes32 word = vm.load(address(duplexes), channelId);
        vm.assertEq(word, bytes32(Duplex.unwrap(wordOf(depositA, depositB, epoch))), "word");
    }

    function assertFight(uint256 epoch, int256 net, uint256 version, uint256 deadline, bytes32 promises) internal view {
        (int256 net_, uint256 version_, uint256 deadline_, bytes32 promises_) = duplexes.fightOf(channelId, epoch);
        vm.assertEq(uint256(net_), uint256(net), "net");
        vm.assertEq(version_, version, "version");
        vm.assertEq(deadline_, deadline, "deadline");
        vm.assertEq(promises_, promises, "promises");
    }

    function balanceOf(address owner) internal view returns (uint256) {
        return channel.token == NATIVE ? owner.balance : TestToken(channel.token).balanceOf(owner);
    }

    /// @dev Of the parties that had their whole purse and made the usual deposits: what is back with each of them.
    function assertBack(uint256 toA, uint256 toB) internal view {
        vm.assertEq(balanceOf(partyA), PURSE - DEPOSIT_A + toA, "A");
        vm.assertEq(balanceOf(partyB), PURSE - DEPOSIT_B + toB, "B");
        vm.assertEq(balanceOf(address(duplexes)), ALL - toA - toB, "held");
    }

    function invalidSignature(address signer, address expected) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IDuplexChannels.InvalidSignature.selector, signer, expected);
    }

    function notOpen() internal view returns (bytes memory) {
        return abi.encodeWithSelector(IDuplexChannels.NotOpen.selector, channelId);
    }

    function wrongEpoch(uint256 epoch, uint256 current) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IDuplexChannels.WrongEpoch.selector, epoch, current);
    }

    function deadlinePassed(uint256 now_, uint256 deadline) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(Deadline.DeadlinePassed.selector, now_, deadline);
    }
}
