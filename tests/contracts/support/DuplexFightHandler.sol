// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {DepositAuthorization} from "../../../contracts/types/ChannelFunding.sol";
import {CloseTogether, Signatures, State, WithdrawTogether} from "../../../contracts/types/DuplexMessages.sol";
import {DuplexPromises} from "../../../contracts/types/DuplexPromise.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {DuplexBooks} from "./DuplexBooks.sol";
import {vm} from "./Vm.sol";

/// @notice Money in, fights, and all the ends; legal calls only, but for what must be refused.
abstract contract DuplexFightHandler is DuplexBooks {
    uint48 private constant FOREVER = type(uint48).max;

    function fund(uint256 index, bool byA, uint96 amount, bool bySig) external on(index) {
        put(byA, uint96(1 + amount % 1e24), bySig && channel.token != NATIVE);
    }

    function put(bool byA, uint96 amount, bool bySig) private {
        if (!isOpen()) _bornAt[_index][book().epoch] = _clock;
        MOODY.be(MoodyToken.Mood.PLAIN);
        if (bySig) {
            DepositAuthorization memory any = DepositAuthorization(IFunding.Method.ERC3009, 0, FOREVER, new bytes(65));
            duplexes.depositBySig(channel, book().epoch, byA, amount, any);
        } else {
            deposit(byA ? partyA : partyB, book().epoch, amount);
        }
        MOODY.be(_mood);
        if (byA) book().depositA += amount;
        else book().depositB += amount;
    }

    function start(uint256 index, bool byA, uint64 version, bool bySig) external on(index) {
        if (book().deadline == 0) begin(byA, version % (VERSIONS + 1), bySig);
    }

    /// @dev In an epoch that it opens where there is none: most steps find something to do.
    function begin(bool byA, uint64 version, bool bySig) private {
        if (!isOpen()) put(byA, 1e24, false);
        State memory state = signedState(book().epoch, version);
        if (bySig) challengeBySig(byA, state);
        else challenge(byA ? partyA : partyB, state);
        (book().posted, book().deadline) = (version, _clock + WINDOW);
    }

    /// @dev A newer state is taken until the deadline and an older one never, whoever brings it.
    function reply(uint256 index, uint64 version, uint64 older) external on(index) {
        version %= VERSIONS + 1;
        if (book().deadline == 0 && older % 4 != 0) begin(true, older % (VERSIONS + 1), false);
        State memory state = signedState(book().epoch, version);
        bytes memory data = abi.encodeCall(IDuplexChannels.answer, (channel, state, signed(state)));
        (bool taken,) = address(duplexes).call(data);
        bool due = isOpen() && _clock < book().deadline && version > book().posted;
        vm.assertTrue(taken == due, "the newest state, in time");
        if (taken) book().posted = version;
    }

    /// @dev The first second, or one in which nothing can be reserved any more and nobody need know the promises.
    function payOut(uint256 index, uint8 dice) external on(index) {
        if (book().deadline == 0) begin(dice % 2 == 0, dice / 8 % (VERSIONS + 1), dice > 127);
        uint256 deadline = book().deadline;
        uint256 bound = deadline + PROMISE_WINDOW + WINDOW;
        wait(dice % 8 == 0 ? bound : deadline);
        (uint256 epoch, uint64 version) = (book().epoch, book().posted);
        DuplexPromises memory promises;
        if (hasPromises(epoch, version) && _clock < bound) (promises,) = promisesOf(epoch, version);
        (uint256 toA, uint256 toB) = sharesOf(book().depositA, book().depositB, netOf(epoch, version));
        uint256 last = promises.lastExpiry > deadline ? promises.lastExpiry : deadline;
        uint256 until = (last < deadline + PROMISE_WINDOW ? last : deadline + PROMISE_WINDOW) + WINDOW;
        Kept storage one = kept[_index][epoch];
        if (promises.leaves != 0 && _clock < until) {
            one.fromA = promises.totalFromA < toA ? promises.totalFromA : toA;
            one.fromB = promises.totalFromB < toB ? promises.totalFromB : toB;
            (one.until, one.bound, one.version) = (until, bound, version);
            _keeping[_index].push(epoch);
        }
        pays(abi.encodeCall(IDuplexChannels.payOut, (channel, promises)), toA - one.fromA, toB - one.fromB);
        turnPage(0, 0);
    }

    /// @dev Seldom, as withdrawBoth, so that most epochs live to see a fight.
    function closeBoth(uint256 index, int256 net, uint8 shift) external on(index) {
        if (!isOpen() || shift % 8 != 0) return;
        CloseTogether memory end = CloseTogether(uint32(book().epoch), net >> shift, FOREVER);
        (uint256 toA, uint256 toB) = sharesOf(book().depositA, book().depositB, end.net);
        Signatures memory both = signBoth(CLOSE_TOGETHER, wordsOf(end));
        pays(abi.encodeCall(IDuplexChannels.closeTogether, (channel, end, both)), toA, toB);
        turnPage(0, 0);
    }

    /// @dev Any parts of both shares.
    function withdrawBoth(uint256 index, int256 net, uint8 shift, uint96 toA, uint96 toB) external on(index) {
        if (!isOpen() || shift % 4 != 1) return;
        (uint256 shareA, uint256 shareB) = sharesOf(book().depositA, book().depositB, net >> shift);
        (toA, toB) = (uint96(toA % (shareA + 1)), uint96(toB % (shareB + 1)));
        WithdrawTogether memory end = WithdrawTogether(uint32(book().epoch), net >> shift, toA, toB, FOREVER);
        Signatures memory both = signBoth(WITHDRAW_TOGETHER, wordsOf(end));
        pays(abi.encodeCall(IDuplexChannels.withdrawTogether, (channel, end, both)), toA, toB);
        turnPage(shareA - toA, shareB - toB);
    }

    /// @dev Nothing of an epoch that is over is worth anything, under its own name or under the present one's.
    function replay(uint256 index, uint256 age, uint64 version, uint8 verb) external on(index) {
        uint256 epoch = book().epoch;
        if (epoch == 0) return;
        uint256 old = epoch - 1 - age % epoch;
        State memory state = signedState(old, 1 + version % VERSIONS);
        Signatures memory signatures = signed(state);
        CloseTogether memory end = CloseTogether(uint32(old), 0, FOREVER);
        bytes[4] memory calls = [
            abi.encodeCall(IDuplexChannels.answer, (channel, state, signatures)),
            abi.encodeCall(IDuplexChannels.challenge, (channel, state, signatures)),
            abi.encodeCall(IDuplexChannels.closeTogether, (channel, end, signBoth(CLOSE_TOGETHER, wordsOf(end)))),
            abi.encodeCall(
                IDuplexChannels.challenge, (channel, State(uint32(epoch), state.version, state.net, 0), signatures)
            )
        ];
        vm.prank(verb % 8 < 4 ? partyA : partyB);
        (bool success,) = address(duplexes).call(calls[verb % 4]);
        vm.assertTrue(!success, "a closed epoch never pays");
    }

    /// @dev Exactly that, in money or as a credit.
    function pays(bytes memory data, uint256 toA, uint256 toB) internal {
        uint256[2] memory before = [wealth(partyA), wealth(partyB)];
        vm.prank(stranger);
        (bool success,) = address(duplexes).call(data);
        vm.assertTrue(success, "legal");
        vm.assertEq(wealth(partyA) - before[0], toA, "A is paid");
        vm.assertEq(wealth(partyB) - before[1], toB, "B is paid");
    }

    function challengeBySig(bool byA, State memory state) private {
        bytes memory words = abi.encode(channelId, state.epoch, state.version, FOREVER);
        (bytes32 r, bytes32 vs) = sign(byA ? KEY_A : KEY_B, digestOf(CHALLENGE, words));
        duplexes.challengeBySig(channel, state, signed(state), byA, FOREVER, r, vs);
    }
}
