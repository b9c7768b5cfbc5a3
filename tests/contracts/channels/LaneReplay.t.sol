// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {VoucherChannels} from "../../../contracts/channels/VoucherChannels.sol";
import {Promise} from "../../../contracts/types/Promise.sol";
import {PromiseCase} from "../support/PromiseCase.sol";
import {vm} from "../support/Vm.sol";

/// @notice Every signature of a lane counts once: for one channel, epoch, contract, chain and kind of message.
contract LaneReplayTest is PromiseCase {
    uint48 private constant DEADLINE = uint48(NOW + 100);
    Promise private _promise;

    function setUp() public override {
        super.setUp();
        _promise = promiseOf(200, EXPIRY, 1);
        open(DEPOSIT);
    }

    function voucher() private view returns (IVoucherChannels.PromisingVoucher memory) {
        return voucherOf(0, 100, _promise);
    }

    /// @dev The verbs that read signatures, with those of this lane's epoch 0, in calls that name `epoch`.
    function calls(
        uint32 epoch,
        IVoucherChannels.PromisingVoucher memory promised,
        bytes32[2] memory plain,
        bytes32[2] memory ending
    ) private view returns (bytes[4] memory) {
        promised.epoch = epoch;
        return [
            abi.encodeCall(channels.claim, (channel, epoch, 100, plain[0], plain[1])),
            abi.encodeCall(channels.close, (channel, epoch, 100, 100, plain[0], plain[1])),
            abi.encodeCall(channels.claimPromised, (channel, promised)),
            abi.encodeCall(channels.closeBySig, (channel, promised, 100, DEADLINE, ending[0], ending[1]))
        ];
    }

    function signatures() private view returns (bytes32[2] memory plain, bytes32[2] memory ending) {
        (plain[0], plain[1]) = sign(SIGNER_KEY, channelId, 0, 100);
        bytes32 separator = separatorOf(block.chainid, address(channels));
        (ending[0], ending[1]) = signDigest(PAYEE_KEY, closeDigest(separator, channelId, 0, 100, DEADLINE));
    }

    function refuses(VoucherChannels target, bytes[4] memory data) private {
        for (uint256 i = 0; i < data.length; ++i) {
            vm.prank(i == 1 ? payee : stranger);
            (bool success, bytes memory answer) = address(target).call(data[i]);
            vm.assertTrue(!success, "a signature counted again");
            vm.assertEq(bytes4(answer), IVoucherChannels.InvalidSignature.selector, "reason");
        }
    }

    function accepts(bytes[4] memory data) private {
        for (uint256 i = 0; i < data.length; ++i) {
            uint256 state = vm.snapshotState();
            vm.prank(i == 1 ? payee : stranger);
            (bool success,) = address(channels).call(data[i]);
            vm.assertTrue(success, "what was signed");
            vm.assertEq(token.balanceOf(payee), 100, "paid");
            vm.revertToState(state);
        }
    }

    function test_LaneReplay_OnAnotherChannelReverts() public {
        (bytes32[2] memory plain, bytes32[2] memory ending) = signatures();
        IVoucherChannels.PromisingVoucher memory promised = voucher();
        accepts(calls(0, promised, plain, ending));
        for (uint256 member = 0; member < 2; ++member) {
            uint256 state = vm.snapshotState();
            if (member == 0) channel.periods += 1;
            else channel.periods += 1 << 96;
            open(DEPOSIT);
            refuses(channels, calls(0, promised, plain, ending));
            vm.revertToState(state);
        }
    }

    function test_LaneReplay_InAnotherEpochReverts() public {
        (bytes32[2] memory plain, bytes32[2] memory ending) = signatures();
        IVoucherChannels.PromisingVoucher memory promised = voucher();
        close(0, 0, 0);
        open(DEPOSIT);
        refuses(channels, calls(1, promised, plain, ending));
    }

    /// @dev A contract of the same code with a lane of the same id.
    function test_LaneReplay_OnAnotherContractReverts() public {
        (bytes32[2] memory plain, bytes32[2] memory ending) = signatures();
        bytes[4] memory data = calls(0, voucher(), plain, ending);
        VoucherChannels twin = VoucherChannels(vm.deployCode("chain/artifacts/VoucherChannels.json"));
        vm.prank(payer);
        token.approve(address(twin), DEPOSIT);
        vm.prank(payer);
        twin.open(channel, DEPOSIT);
        refuses(twin, data);
    }

    function test_LaneReplay_OnAnotherChainReverts() public {
        (bytes32[2] memory plain, bytes32[2] memory ending) = signatures();
        bytes[4] memory data = calls(0, voucher(), plain, ending);
        vm.chainId(block.chainid + 1);
        refuses(channels, data);
        vm.chainId(block.chainid - 1);
        accepts(data);
    }

    /// @dev One key that is signer and payee at once: its voucher is no LaneClose, and its LaneClose no voucher.
    function test_LaneReplay_AsAnotherKindOfMessageReverts() public {
        channel.payee = payee = signer;
        channelId = idOf(channel);
        open(DEPOSIT);
        bytes32 separator = separatorOf(block.chainid, address(channels));
        (bytes32 r, bytes32 vs) = signDigest(SIGNER_KEY, closeDigest(separator, channelId, 0, 100, DEADLINE));
        IVoucherChannels.PromisingVoucher memory plain = plainVoucher(0, 100);
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        channels.claim(channel, 0, 100, r, vs);
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        channels.closeBySig(channel, plain, 100, DEADLINE, plain.r, plain.vs);
        channels.closeBySig(channel, plain, 100, DEADLINE, r, vs);
        vm.assertEq(token.balanceOf(payee), 100, "what was signed");
    }

    /// @dev Neither is its promises' hash left out of it: with promises it is no plain voucher, and the other way round.
    function test_LaneReplay_WithoutItsPromisesReverts() public {
        IVoucherChannels.PromisingVoucher memory promised = voucher();
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        channels.claim(channel, 0, 100, promised.r, promised.vs);
        (promised.r, promised.vs) = sign(SIGNER_KEY, channelId, 0, 100);
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        claimPromised(promised);
    }
}
