// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../interfaces/IDuplexChannels.sol";
import {Payouts} from "../../money/Payouts.sol";
import {PlainKey} from "../../signatures/PlainKey.sol";
import {Duplex, DuplexLib} from "../../types/Duplex.sol";
import {DuplexChannel, DuplexChannelLib} from "../../types/DuplexChannel.sol";
import {Signatures} from "../../types/DuplexMessages.sol";
import {EarnestDomain} from "../../types/EarnestDomain.sol";
import {Fight} from "../../types/Fight.sol";

/// @notice What all verbs of a two-way channel look at: the deposits, the fights, who signed.
abstract contract Duplexes is EarnestDomain, IDuplexChannels, Payouts {
    using DuplexChannelLib for DuplexChannel;

    /// @dev One an epoch; it goes when it is paid out.
    mapping(bytes32 channelId => mapping(uint256 epoch => Fight)) internal _fights;
    /// @dev Of the newest state that was posted; only where it has any.
    mapping(bytes32 channelId => mapping(uint256 epoch => bytes32)) internal _promises;

    function channelIdOf(DuplexChannel calldata channel) external pure returns (bytes32) {
        return channel.id();
    }

    function duplexOf(bytes32 channelId) external view returns (uint96 depositA, uint96 depositB, uint32 epoch) {
        Duplex duplex = DuplexLib.load(channelId);
        return (uint96(duplex.depositOfA()), uint96(duplex.depositOfB()), uint32(duplex.epoch()));
    }

    function fightOf(bytes32 channelId, uint256 epoch)
        external
        view
        returns (int128 net, uint64 version, uint48 deadline, bytes32 promises)
    {
        if (epoch != DuplexLib.load(channelId).epoch()) return (0, 0, 0, 0);
        Fight fight = _fights[channelId][epoch];
        if (fight.hasPromises()) promises = _promises[channelId][epoch];
        return (int128(fight.net()), uint64(fight.version()), uint48(fight.deadline()), promises);
    }

    /// @dev Under a dirty id nothing is open, so past this the members can be read as they stand.
    function _openDuplex(DuplexChannel calldata channel) internal view returns (bytes32 channelId, Duplex duplex) {
        channelId = channel.id();
        duplex = DuplexLib.load(channelId);
        require(duplex.isOpen(), NotOpen(channelId));
    }

    function _currentDuplex(DuplexChannel calldata channel, uint256 epoch)
        internal
        view
        returns (bytes32 channelId, Duplex duplex)
    {
        (channelId, duplex) = _openDuplex(channel);
        require(epoch == duplex.epoch(), WrongEpoch(epoch, duplex.epoch()));
    }

    /// @dev A party consents by calling, or by its key's signature; no wallet is asked, whatever code stands there.
    function _requireBoth(DuplexChannel calldata channel, bytes32 structHash, Signatures calldata signatures)
        internal
        view
    {
        bytes32 digest = _hashTypedData(structHash);
        if (msg.sender != channel.partyAOf()) _requireKey(channel.signerAOf(), digest, signatures.rA, signatures.vsA);
        if (msg.sender != channel.partyBOf()) _requireKey(channel.signerBOf(), digest, signatures.rB, signatures.vsB);
    }

    function _requireKey(address expected, bytes32 digest, bytes32 r, bytes32 vs) internal view {
        address signer = PlainKey.signerOf(digest, r, vs);
        require(signer == expected, InvalidSignature(signer, expected));
    }

    function _payParties(DuplexChannel calldata channel, uint256 toA, uint256 toB) internal {
        _payBoth(channel.tokenOf(), channel.partyAOf(), toA, channel.partyBOf(), toB);
    }
}
