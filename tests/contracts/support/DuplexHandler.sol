// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {DuplexPromise, DuplexPromises} from "../../../contracts/types/DuplexPromise.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {DuplexFightHandler} from "./DuplexFightHandler.sol";
import {vm} from "./Vm.sol";

/// @notice What becomes of promises, and everything around: time, bad tokens and parties, credits, gifts.
contract DuplexHandler is DuplexFightHandler {
    /// @dev Of the state in the fight, of one that a reserve is for, or of any other.
    function prove(uint256 index, uint256 seed, uint64 version, bool fromA, uint256 released) external on(index) {
        uint256 epoch = seed % 2 == 0 ? book().epoch : endedEpoch(seed / 2);
        if (version % 4 != 0) version = epoch == book().epoch ? book().posted : kept[_index][epoch].version;
        else version = 1 + version / 4 % VERSIONS;
        proveOf(epoch, version, fromA, released);
    }

    function proveOf(uint256 epoch, uint64 version, bool fromA, uint256 released) private {
        DuplexPromise memory one = promiseOf(epoch, version, fromA);
        uint256 before = recordOf(epoch, one);
        if (_clock >= one.expiry || before == one.amount) return;
        released = before + 1 + released % (one.amount - before);
        duplexes.record(channelId, epoch, one, "", abi.encode(released));
        vm.assertEq(recordOf(epoch, one), released, "recorded");
    }

    /// @dev All that is proven and not yet paid, within what was reserved; else, and once that is over, nothing.
    function collect(uint256 index, uint256 seed, uint256 released) external on(index) {
        if (book().epoch == 0) return;
        uint256 epoch = endedEpoch(seed);
        Kept storage one = kept[_index][epoch];
        if (released % 2 == 0) proveOf(epoch, one.version, released % 4 == 0, released / 4);
        (DuplexPromises memory promises, bytes32[] memory leaves) = promisesOf(epoch, one.version);
        uint256 fromA = least(recordOf(epoch, promiseOf(epoch, one.version, true)), one.fromA);
        uint256 fromB = least(recordOf(epoch, promiseOf(epoch, one.version, false)), one.fromB);
        bytes memory data = abi.encodeCall(IDuplexChannels.collect, (channel, epoch, promises, leaves));
        if (_clock >= one.until || fromA + fromB == one.paidFromA + one.paidFromB) return refuses(data);
        pays(data, fromB - one.paidFromB, fromA - one.paidFromA);
        (one.paidFromA, one.paidFromB) = (fromA, fromB);
    }

    /// @dev Not a second before it is over, and in that second at once.
    function sweep(uint256 index, uint256 seed, bool patient) external on(index) {
        if (book().epoch == 0) return;
        uint256 epoch = endedEpoch(seed);
        Kept memory one = kept[_index][epoch];
        bytes memory data = abi.encodeCall(IDuplexChannels.sweep, (channel, epoch));
        if (_clock < one.until) refuses(data);
        if (one.until == 0) return refuses(data);
        if (!patient && _clock < one.until) return;
        wait(one.until);
        pays(data, one.fromA - one.paidFromA, one.fromB - one.paidFromB);
        delete kept[_index][epoch];
        forget(epoch);
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

    function takeCredit(uint256 index, bool ofA) external on(index) {
        address owner = ofA ? partyA : partyB;
        uint256 credit = duplexes.credits(channel.token, owner);
        if (credit == 0) return;
        MOODY.be(MoodyToken.Mood.PLAIN);
        uint256 before = balanceOf(stranger);
        vm.prank(owner);
        duplexes.withdrawCredit(channel.token, stranger);
        MOODY.be(_mood);
        vm.assertEq(balanceOf(stranger) - before, credit, "the whole credit");
    }

    function donate(uint256 index, uint96 amount) external on(index) {
        donated[channel.token] += amount;
        if (channel.token == NATIVE) vm.deal(address(duplexes), address(duplexes).balance + amount);
        else MOODY.mint(address(duplexes), amount);
    }

    /// @dev The contract's own words against the books, for one channel.
    function check(uint256 index) external {
        choose(index);
        assertDuplex(book().depositA, book().depositB, book().epoch);
        int256 net = book().deadline == 0 ? int256(0) : netOf(book().epoch, book().posted);
        if (net > type(int128).max) net = type(int128).max;
        if (net < type(int128).min) net = type(int128).min;
        bytes32 promises = book().deadline == 0 ? bytes32(0) : signedState(book().epoch, book().posted).promises;
        assertFight(book().epoch, net, book().posted, book().deadline, promises);
        for (uint256 epoch = 0; epoch < book().epoch; ++epoch) {
            checkReserve(kept[index][epoch], epoch);
        }
    }

    function checkReserve(Kept memory one, uint256 epoch) private view {
        (uint256 fromA, uint256 paidFromA, uint256 fromB, uint256 paidFromB, uint256 until,) =
            duplexes.reserveOf(channelId, epoch);
        vm.assertEq(fromA, one.fromA, "fromA");
        vm.assertEq(paidFromA, one.paidFromA, "paidFromA");
        vm.assertEq(fromB, one.fromB, "fromB");
        vm.assertEq(paidFromB, one.paidFromB, "paidFromB");
        vm.assertEq(until, one.until, "until");
        vm.assertLe(until, one.bound, "never longer than was signed");
    }

    /// @return epoch one whose reserve is still there, as far as there is any
    function endedEpoch(uint256 seed) private view returns (uint256 epoch) {
        uint256[] storage keeping = _keeping[_index];
        if (keeping.length != 0) return keeping[seed % keeping.length];
        return book().epoch == 0 ? 0 : seed % book().epoch;
    }

    function forget(uint256 epoch) private {
        uint256[] storage keeping = _keeping[_index];
        for (uint256 i = 0; i < keeping.length; ++i) {
            if (keeping[i] == epoch) keeping[i] = keeping[keeping.length - 1];
        }
        keeping.pop();
    }

    function recordOf(uint256 epoch, DuplexPromise memory one) private view returns (uint256) {
        bytes32 hash = structHash(PROMISE, abi.encode(one));
        return duplexes.recordedOf(keccak256(abi.encode(address(duplexes), block.chainid, channelId, epoch, hash)));
    }

    function refuses(bytes memory data) private {
        (bool success,) = address(duplexes).call(data);
        vm.assertTrue(!success, "refused");
    }

    function least(uint256 one, uint256 other) private pure returns (uint256) {
        return one < other ? one : other;
    }
}
