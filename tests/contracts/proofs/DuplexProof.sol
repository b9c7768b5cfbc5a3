// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Duplex, DuplexLib} from "../../../contracts/types/Duplex.sol";
import {Fight, FightLib} from "../../../contracts/types/Fight.sol";

/// @notice For every pair of deposits and every net: the shares are the deposits, whole, and clipped. docs/proofs.md.
contract DuplexProof {
    uint256 private constant LARGEST = type(uint96).max;

    /// @dev Both deposits together fit 96 bits: the callers' invariant.
    function sound(Duplex word) private pure returns (bool) {
        return word.depositOfA() + word.depositOfB() <= LARGEST;
    }

    function check_BothSharesTogetherAreBothDeposits(Duplex word, int256 net) external pure {
        if (!sound(word)) return;
        (uint256 toA, uint256 toB) = word.shares(net);
        assert(toA <= LARGEST && toB <= LARGEST);
        assert(toA + toB == word.depositOfA() + word.depositOfB());
    }

    /// @dev A net that both deposits cover moves exactly itself; another one all that is there.
    function check_ThePossibleNetIsMovedWholeAndTheImpossibleClipped(Duplex word, int256 net) external pure {
        if (!sound(word)) return;
        (uint256 a, uint256 b) = (word.depositOfA(), word.depositOfB());
        (uint256 toA, uint256 toB) = word.shares(net);
        if (net >= int256(a)) assert(toA == 0);
        else if (net <= -int256(b)) assert(toB == 0);
        else assert(int256(toA) == int256(a) - net && int256(toB) == int256(b) + net);
    }

    /// @dev Step by step, so for every two nets: who is owed more gets no less, and nobody more than the difference.
    function check_OneUnitOfNetMovesOneUnitAtMost(Duplex word, int256 net) external pure {
        if (!sound(word) || net == type(int256).max) return;
        (, uint256 toB) = word.shares(net);
        (, uint256 newerToB) = word.shares(net + 1);
        assert(newerToB == toB || newerToB == toB + 1);
    }

    /// @dev A deposit in a fight only adds: nobody's share falls, and together they rise by the amount.
    function check_ADepositTakesNothingFromAnybody(Duplex word, bool toA, uint96 amount, int256 net) external pure {
        if (!sound(word) || word.total() + amount > LARGEST) return;
        Duplex newer = word.add(toA, amount);
        assert(newer.depositOfA() == word.depositOfA() + (toA ? amount : 0));
        assert(newer.depositOfB() == word.depositOfB() + (toA ? 0 : amount));
        assert(newer.epoch() == word.epoch());
        (uint256 shareA, uint256 shareB) = word.shares(net);
        (uint256 newerA, uint256 newerB) = newer.shares(net);
        assert(newerA >= shareA && newerB >= shareB && newerA <= LARGEST && newerB <= LARGEST);
        assert(newerA + newerB == shareA + shareB + amount);
    }

    function check_WhatIsPackedIsReadAgain(uint96 a, uint96 b, uint32 epoch) external pure {
        Duplex word = DuplexLib.pack(a, b, epoch);
        assert(word.depositOfA() == a && word.depositOfB() == b && word.epoch() == epoch);
    }

    function check_AnEndLeavesTheNextEpochAlone(uint96 a, uint96 b, uint32 epoch) external pure {
        Duplex newer = DuplexLib.pack(a, b, epoch).ended();
        assert(!newer.isOpen() && newer.depositOfB() == 0 && newer.epoch() == uint256(epoch) + 1);
    }

    function check_AFightIsReadAsItWasPosted(int128 net, uint64 version, uint48 deadline, bool hasPromises)
        external
        pure
    {
        Fight fight = FightLib.pack(net, version, deadline, hasPromises);
        assert(fight.net() == net && fight.version() == version);
        assert(fight.deadline() == deadline && fight.hasPromises() == hasPromises);
    }

    /// @dev The word clips a net to 128 bits; the shares of it are the same.
    function check_AFightForgetsNothingThatTheSharesNeed(
        Duplex word,
        int256 net,
        uint64 version,
        uint48 deadline,
        bool hasPromises
    ) external pure {
        if (!sound(word)) return;
        Fight fight = FightLib.pack(net, version, deadline, hasPromises);
        assert(fight.version() == version && fight.deadline() == deadline && fight.hasPromises() == hasPromises);
        (uint256 toA, uint256 toB) = word.shares(net);
        (uint256 paidToA, uint256 paidToB) = word.shares(fight.net());
        assert(paidToA == toA && paidToB == toB);
    }
}
