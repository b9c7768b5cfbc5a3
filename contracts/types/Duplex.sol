// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A two-way channel's deposits in one word, low bits first: depositA 96, depositB 96, epoch 32.
type Duplex is uint256;

using DuplexLib for Duplex global;

library DuplexLib {
    uint256 private constant AMOUNT = type(uint96).max;
    uint256 private constant B_AT = 96;
    uint256 private constant EPOCH_AT = 192;
    uint256 internal constant LAST_EPOCH = type(uint32).max;

    /// @dev A channel id is a hash already, so the channel stands in the slot of that number.
    function load(bytes32 channelId) internal view returns (Duplex duplex) {
        assembly ("memory-safe") {
            duplex := sload(channelId)
        }
    }

    function store(Duplex duplex, bytes32 channelId) internal returns (Duplex) {
        assembly ("memory-safe") {
            sstore(channelId, duplex)
        }
        return duplex;
    }

    function pack(uint256 depositA, uint256 depositB, uint256 epoch_) internal pure returns (Duplex) {
        return Duplex.wrap(depositA | depositB << B_AT | epoch_ << EPOCH_AT);
    }

    function depositOfA(Duplex duplex) internal pure returns (uint256) {
        return Duplex.unwrap(duplex) & AMOUNT;
    }

    function depositOfB(Duplex duplex) internal pure returns (uint256) {
        return (Duplex.unwrap(duplex) >> B_AT) & AMOUNT;
    }

    /// @return both deposits: never more than 96 bits, whoever put them in
    function total(Duplex duplex) internal pure returns (uint256) {
        unchecked {
            return depositOfA(duplex) + depositOfB(duplex);
        }
    }

    function epoch(Duplex duplex) internal pure returns (uint256) {
        return Duplex.unwrap(duplex) >> EPOCH_AT;
    }

    function isOpen(Duplex duplex) internal pure returns (bool) {
        return total(duplex) != 0;
    }

    /// @dev Both deposits together must stay within 96 bits.
    function add(Duplex duplex, bool toA, uint256 amount) internal pure returns (Duplex) {
        unchecked {
            return Duplex.wrap(Duplex.unwrap(duplex) + (toA ? amount : amount << B_AT));
        }
    }

    /// @notice What each party has if A owes B `net`: an impossible net is clipped to what is there.
    function shares(Duplex duplex, int256 net) internal pure returns (uint256 toA, uint256 toB) {
        unchecked {
            uint256 all = total(duplex);
            int256 rest = int256(depositOfA(duplex));
            // both bounds are below 2**97, so no difference with them can wrap
            if (net >= rest) return (0, all);
            if (net <= rest - int256(all)) return (all, 0);
            toA = uint256(rest - net);
            toB = all - toA;
        }
    }

    /// @dev An end leaves the next epoch's number and nothing else: every message of this one is dead.
    function ended(Duplex duplex) internal pure returns (Duplex) {
        return pack(0, 0, epoch(duplex) + 1);
    }
}
