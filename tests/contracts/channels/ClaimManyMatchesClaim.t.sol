// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {Channel} from "../../../contracts/types/Channel.sol";
import {ChannelsCase} from "../support/ChannelsCase.sol";
import {Vm, vm} from "../support/Vm.sol";

/// @notice Every row of claimMany against the same voucher through claim: same acceptance, same logs, same state, same money.
contract ClaimManyMatchesClaimTest is ChannelsCase {
    uint256 private constant LANES = 4;
    uint256 private constant ROWS = 8;
    uint256 private constant PAYER_KEY = 0xFA4E4;
    uint256 private _dice;

    function setUp() public override {
        payer = vm.addr(PAYER_KEY);
        super.setUp();
    }

    function testFuzz_ClaimMany_DoesRowByRowWhatClaimDoes(uint256 seed) public {
        _dice = seed;
        bytes32[] memory ids = new bytes32[](LANES);
        for (uint256 i = 0; i < LANES; ++i) {
            ids[i] = _openSomehow(uint96(i));
        }
        IVoucherChannels.Batch[] memory batches = batchOf(ROWS);
        for (uint256 i = 0; i < ROWS; ++i) {
            bool again = i != 0 && _roll(6) == 0;
            batches[0].claims[i] = again ? batches[0].claims[_roll(i)] : _someRow(ids);
        }
        if (_roll(8) == 0) batches[0].windows ^= 1 << _roll(256);
        if (_roll(8) == 0) batches[0].payee = stranger;
        vm.warp(NOW + WINDOW - 1 + _roll(3));

        uint256 before = vm.snapshotState();
        bytes32 plain = _claimOneByOne(batches[0], ids);
        vm.revertToState(before);
        vm.recordLogs();
        channels.claimMany(batches);
        vm.assertEq(_outcome(vm.getRecordedLogs(), ids), plain, "claimMany is claim");
    }

    /// @dev Open or not, in epoch 0 or 1, partly settled or not, closing or not; every second lane is signed by the payer.
    function _openSomehow(uint96 salt) private returns (bytes32) {
        channel = _laneOf(salt);
        channelId = idOf(channel);
        uint256 epoch = _roll(2);
        if (epoch == 1) {
            open(DEPOSIT);
            close(0, 0, 0);
        }
        if (_roll(8) == 0) return channelId;
        open(DEPOSIT);
        if (_roll(2) == 0) {
            uint256 amount = 1 + _roll(DEPOSIT);
            (bytes32 r, bytes32 vs) = sign(_keyOf(salt), channelId, epoch, amount);
            channels.claim(channel, epoch, amount, r, vs);
        }
        if (_roll(2) == 0) requestClose();
        return channelId;
    }

    function _laneOf(uint96 salt) private view returns (Channel memory) {
        return Channel(payer, payee, address(token), vm.addr(_keyOf(salt)), periods(WINDOW, PROMISE_WINDOW, salt));
    }

    function _keyOf(uint96 salt) private pure returns (uint256) {
        return salt % 2 == 0 ? SIGNER_KEY : PAYER_KEY;
    }

    /// @dev Every second row is good but for its amount; the others have one thing wrong.
    function _someRow(bytes32[] memory ids) private returns (IVoucherChannels.Claim memory row) {
        uint96 salt = uint96(_roll(LANES));
        (,,, uint256 epoch,) = channels.laneOf(ids[salt]);
        uint96[6] memory amounts = [0, 1, DEPOSIT - 1, DEPOSIT, DEPOSIT + 1, type(uint96).max];
        uint256 pick = _roll(12);
        uint96 amount = pick < 6 ? amounts[pick] : uint96(_roll(DEPOSIT));
        address signer_ = salt % 2 == 1 && _roll(2) == 0 ? address(0) : vm.addr(_keyOf(salt));
        uint256 wrong = _roll(24);
        row = rowOf(_keyOf(salt), signer_, salt, ids[salt], wrong == 1 ? epoch ^ 1 : epoch, amount);
        if (wrong == 2) (row.r, row.vs) = sign(_keyOf(salt) + 1, ids[salt], epoch, amount);
        if (wrong == 3) row.vs ^= bytes32(uint256(1) << 255);
        if (wrong == 4) row.vs = bytes32(ORDER / 2 + 1);
        if (wrong == 5) row.r = 0;
        if (wrong == 6) row.vs = 0;
        if (wrong == 7) (row.r, row.vs) = sign(_keyOf(salt), ids[salt ^ 1], epoch, amount);
        if (wrong == 8) row.payerAndAmount ^= 1 << _roll(256);
        if (wrong == 9) row.signerAndSalt ^= 1 << _roll(256);
        if (wrong == 10) row.signerAndSalt = salt;
        if (wrong == 11) row = _withPromises(row, ids[salt], epoch, amount, salt);
        if (wrong == 12) row.vs ^= bytes32(uint256(1) << _roll(256));
    }

    function _withPromises(IVoucherChannels.Claim memory row, bytes32 id, uint256 epoch, uint256 amount, uint96 salt)
        private
        view
        returns (IVoucherChannels.Claim memory)
    {
        bytes32 separator = separatorOf(block.chainid, address(channels));
        (row.r, row.vs) = signDigest(_keyOf(salt), digestOf(separator, id, epoch, amount, bytes32(uint256(1))));
        return row;
    }

    function _claimOneByOne(IVoucherChannels.Batch memory batch, bytes32[] memory ids) private returns (bytes32) {
        vm.recordLogs();
        for (uint256 i = 0; i < batch.claims.length; ++i) {
            IVoucherChannels.Claim memory row = batch.claims[i];
            Channel memory one = _channelOf(batch, row);
            (,,, uint256 epoch,) = channels.laneOf(idOf(one));
            try channels.claim(one, epoch, uint96(row.payerAndAmount), row.r, row.vs) {} catch {}
        }
        return _outcome(vm.getRecordedLogs(), ids);
    }

    function _channelOf(IVoucherChannels.Batch memory batch, IVoucherChannels.Claim memory row)
        private
        pure
        returns (Channel memory)
    {
        address payer_ = address(uint160(row.payerAndAmount >> 96));
        address signer_ = address(uint160(row.signerAndSalt >> 96));
        if (signer_ == address(0)) signer_ = payer_;
        return Channel(payer_, batch.payee, batch.token, signer_, batch.windows << 96 | uint96(row.signerAndSalt));
    }

    /// @dev The claims' own logs in their order, every lane's word, and who holds what.
    function _outcome(Vm.Log[] memory logs, bytes32[] memory ids) private view returns (bytes32 hash) {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != address(channels)) continue;
            hash = keccak256(abi.encode(hash, logs[i].topics, logs[i].data));
        }
        for (uint256 i = 0; i < ids.length; ++i) {
            hash = keccak256(abi.encode(hash, vm.load(address(channels), ids[i])));
        }
        uint256 held = token.balanceOf(address(channels));
        return keccak256(abi.encode(hash, token.balanceOf(payee), token.balanceOf(stranger), held));
    }

    function _roll(uint256 sides) private returns (uint256) {
        _dice = uint256(keccak256(abi.encode(_dice)));
        return _dice % sides;
    }
}
