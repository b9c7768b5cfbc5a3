// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {State} from "../../../contracts/types/DuplexMessages.sol";
import {DuplexPromise, DuplexPromises} from "../../../contracts/types/DuplexPromise.sol";
import {MoodyCondition} from "../mocks/MoodyCondition.sol";
import {DuplexCase} from "./DuplexCase.sol";
import {vm} from "./Vm.sol";

/// @notice States that carry promises, under a condition that releases what its proof says.
abstract contract DuplexPromising is DuplexCase {
    uint48 internal constant EXPIRY = uint48(OVER + 1 hours);
    uint256 internal constant UNTIL = EXPIRY + WINDOW;
    /// @dev From here on nothing can be reserved, whatever was promised.
    uint256 internal constant BOUND = OVER + PROMISE_WINDOW + WINDOW;

    MoodyCondition internal condition;
    /// @dev What the present state carries.
    DuplexPromise[] internal promised;

    function setUp() public virtual override {
        super.setUp();
        condition = new MoodyCondition();
        open();
    }

    function addPromise(bool fromA, uint96 amount, uint48 expiry) internal {
        promised.push(DuplexPromise(fromA, address(condition), keccak256(""), amount, expiry, bytes32(promised.length)));
    }

    function promiseHash(DuplexPromise memory one) internal pure returns (bytes32) {
        return structHash(PROMISE, abi.encode(one));
    }

    function subjectOf(uint256 epoch, DuplexPromise memory one) internal view returns (bytes32) {
        return keccak256(abi.encode(address(duplexes), block.chainid, channelId, epoch, promiseHash(one)));
    }

    /// @return leaves in strictly rising order
    function sortedLeaves() internal view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](promised.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            bytes32 leaf = promiseHash(promised[i]);
            uint256 place = i;
            for (; place != 0 && leaves[place - 1] > leaf; --place) {
                leaves[place] = leaves[place - 1];
            }
            leaves[place] = leaf;
        }
    }

    function list() internal view returns (DuplexPromises memory promises) {
        promises.leaves = keccak256(abi.encodePacked(sortedLeaves()));
        for (uint256 i = 0; i < promised.length; ++i) {
            DuplexPromise memory one = promised[i];
            if (one.fromA) promises.totalFromA += one.amount;
            else promises.totalFromB += one.amount;
            if (one.expiry > promises.lastExpiry) promises.lastExpiry = one.expiry;
        }
    }

    function listHash(DuplexPromises memory promises) internal pure returns (bytes32) {
        return structHash(PROMISES, abi.encode(promises));
    }

    function promisingState(uint64 version, int256 net) internal view returns (State memory) {
        return State(epochNow(), version, net, listHash(list()));
    }

    function payOut(DuplexPromises memory promises) internal {
        vm.prank(stranger);
        duplexes.payOut(channel, promises);
    }

    /// @dev A challenge with a state that carries the promises, and its payout in the second in which that is legal.
    function fight(int256 net) internal {
        fight(net, list());
    }

    function fight(int256 net, DuplexPromises memory promises) internal {
        challenge(partyA, State(epochNow(), 1, net, listHash(promises)));
        vm.warp(block.timestamp + WINDOW);
        payOut(promises);
    }

    function record(uint256 epoch, uint256 index, uint256 released) internal {
        vm.prank(stranger);
        duplexes.record(channelId, epoch, promised[index], "", abi.encode(released));
    }

    function collect(uint256 epoch) internal {
        vm.prank(stranger);
        duplexes.collect(channel, epoch, list(), sortedLeaves());
    }

    function sweep(uint256 epoch) internal {
        vm.prank(stranger);
        duplexes.sweep(channel, epoch);
    }

    function assertReserve(uint256 epoch, uint256 fromA, uint256 paidFromA, uint256 fromB, uint256 paidFromB)
        internal
        view
    {
        (uint256 fromA_, uint256 paidFromA_, uint256 fromB_, uint256 paidFromB_,,) =
            duplexes.reserveOf(channelId, epoch);
        vm.assertEq(fromA_, fromA, "fromA");
        vm.assertEq(paidFromA_, paidFromA, "paidFromA");
        vm.assertEq(fromB_, fromB, "fromB");
        vm.assertEq(paidFromB_, paidFromB, "paidFromB");
    }

    function assertReserveEnd(uint256 epoch, uint256 until, bytes32 promises) internal view {
        (,,,, uint256 until_, bytes32 promises_) = duplexes.reserveOf(channelId, epoch);
        vm.assertEq(until_, until, "until");
        vm.assertEq(promises_, promises, "promises");
    }

    function assertNoReserve(uint256 epoch) internal view {
        assertReserve(epoch, 0, 0, 0, 0);
        assertReserveEnd(epoch, 0, 0);
    }

    function nothingReserved(uint256 epoch) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IDuplexChannels.NothingReserved.selector, channelId, epoch);
    }

    function nothingToCollect(uint256 epoch) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IDuplexChannels.NothingToCollect.selector, channelId, epoch);
    }

    function wrongPromises(bytes32 found, bytes32 expected) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IDuplexChannels.WrongPromises.selector, found, expected);
    }
}
