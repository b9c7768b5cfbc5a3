// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPayouts} from "../../../contracts/interfaces/IPayouts.sol";
import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {ChannelsCase} from "../support/ChannelsCase.sol";
import {Vm, vm} from "../support/Vm.sol";

contract ClaimManyTest is ChannelsCase {
    /// @dev Opens the lane of this payee, token and salt, and makes a batch of one row for it.
    function opened(address payee_, address token_, uint256 window, uint96 salt, uint96 amount)
        private
        returns (IVoucherChannels.Batch memory batch)
    {
        (channel.payee, channel.token, channel.periods) = (payee_, token_, periods(window, PROMISE_WINDOW, salt));
        channelId = idOf(channel);
        open(DEPOSIT);
        batch.payee = payee_;
        batch.token = token_;
        batch.windows = window << 32 | PROMISE_WINDOW;
        batch.claims = new IVoucherChannels.Claim[](1);
        batch.claims[0] = rowOf(SIGNER_KEY, signer, salt, channelId, 0, amount);
    }

    function test_ClaimMany_PaysNeighboursOfOnePayeeAndTokenByOneTransfer() public {
        IVoucherChannels.Batch[] memory batches = new IVoucherChannels.Batch[](3);
        batches[0] = opened(payee, address(token), WINDOW, 1, 100);
        batches[1] = opened(payee, address(token), 2 * WINDOW, 2, 20);
        batches[2] = opened(payee, address(token), WINDOW, 3, 3);

        vm.recordLogs();
        channels.claimMany(batches);

        vm.assertEq(vm.getRecordedLogs().length, 3 + 1, "three rows, one transfer");
        vm.assertEq(token.balanceOf(payee), 123, "paid");
    }

    function test_ClaimMany_PaysEachPayeeAndTokenItsOwn() public {
        MoodyToken other = moodyToken();
        IVoucherChannels.Batch[] memory batches = new IVoucherChannels.Batch[](5);
        batches[0] = opened(payee, address(token), WINDOW, 1, 1);
        batches[1] = opened(stranger, address(token), WINDOW, 1, 2);
        batches[2] = opened(stranger, address(other), WINDOW, 1, 4);
        batches[3] = opened(stranger, NATIVE, WINDOW, 1, 8);
        batches[4] = opened(payee, address(token), WINDOW, 2, 16);

        channels.claimMany(batches);

        vm.assertEq(token.balanceOf(payee), 17, "payee");
        vm.assertEq(token.balanceOf(stranger), 2, "stranger");
        vm.assertEq(other.balanceOf(stranger), 4, "other token");
        vm.assertEq(stranger.balance, 8, "native");
    }

    function test_ClaimMany_PassesOverBadRowsAndDuplicates() public {
        open(DEPOSIT);
        IVoucherChannels.Batch[] memory batches = batchOf(8);
        IVoucherChannels.Claim[] memory rows = batches[0].claims;
        rows[0] = rowOf(SIGNER_KEY + 1, signer, 1, channelId, 0, 900);
        rows[1] = rowOf(SIGNER_KEY, signer, 1, channelId, 0, 100);
        rows[2] = rows[1];
        rows[3] = rowOf(SIGNER_KEY, signer, 2, channelId, 0, 900);
        rows[4] = rowOf(SIGNER_KEY, signer, 1, channelId, 1, 900);
        rows[5] = rowOf(SIGNER_KEY, signer, 1, channelId, 0, 99);
        rows[6] = rowOf(SIGNER_KEY, signer, 1, channelId, 0, 250);
        rows[7] = rowOf(SIGNER_KEY, address(0), 1, channelId, 0, 900);

        channels.claimMany(batches);
        assertLane(DEPOSIT, 250, 0, 0);
        vm.assertEq(token.balanceOf(payee), 250, "paid once");

        vm.recordLogs();
        channels.claimMany(batches);
        vm.assertEq(vm.getRecordedLogs().length, 0, "a repeat is a no-op");
        vm.assertEq(token.balanceOf(payee), 250, "paid once");
    }

    function test_ClaimMany_TakesTheCurrentEpochOnly() public {
        open(DEPOSIT);
        IVoucherChannels.Batch[] memory old = batchOf(1);
        old[0].claims[0] = rowOf(SIGNER_KEY, signer, 1, channelId, 0, 100);
        close(0, 0, 0);
        channels.claimMany(old);
        open(DEPOSIT);
        channels.claimMany(old);
        assertLane(DEPOSIT, 0, 0, 1);

        old[0].claims[0] = rowOf(SIGNER_KEY, signer, 1, channelId, 1, 100);
        channels.claimMany(old);
        assertLane(DEPOSIT, 100, 0, 1);
    }

    function test_ClaimMany_WorksUntilTheSecondBeforeTheWindowIsOver() public {
        open(DEPOSIT);
        requestClose();
        IVoucherChannels.Batch[] memory batches = batchOf(1);
        batches[0].claims[0] = rowOf(SIGNER_KEY, signer, 1, channelId, 0, 100);
        for (uint256 time = NOW + WINDOW + 1; time >= NOW + WINDOW; --time) {
            vm.warp(time);
            channels.claimMany(batches);
            assertLane(DEPOSIT, 0, NOW + WINDOW, 0);
        }
        vm.warp(NOW + WINDOW - 1);
        channels.claimMany(batches);
        assertLane(DEPOSIT, 100, NOW + WINDOW, 0);
        vm.assertEq(token.balanceOf(payee), 100, "paid");
    }

    function test_ClaimMany_OfNothingDoesNothing() public {
        channels.claimMany(new IVoucherChannels.Batch[](0));
        channels.claimMany(batchOf(0));
        channels.claimMany(batchOf(1));
    }

    function test_ClaimMany_RevertsWhen_AHeaderIsDirty() public {
        bytes memory data = abi.encodeCall(channels.claimMany, (batchOf(0)));
        for (uint256 member = 0; member < 2; ++member) {
            data[4 + 96 + 32 * member] = 0x01;
            (bool claimed,) = address(channels).call(data);
            vm.assertTrue(!claimed, "refused by the decoder");
            data[4 + 96 + 32 * member] = 0;
        }
    }

    /// @dev What no lane can have is passed over: bits above the windows make periods that `open` refuses.
    function test_ClaimMany_PassesOverDirtyWindows() public {
        open(DEPOSIT);
        IVoucherChannels.Batch[] memory batches = batchOf(1);
        batches[0].claims[0] = rowOf(SIGNER_KEY, signer, 1, channelId, 0, 100);
        batches[0].windows |= 1 << 64;
        channels.claimMany(batches);
        assertLane(DEPOSIT, 0, 0, 0);
    }

    function test_ClaimMany_OneHostileReceiverOrTokenDoesNotSinkTheOthers() public {
        MoodyToken muted = moodyToken();
        MoodyToken burning = moodyToken();
        MoodyParty party = new MoodyParty();
        IVoucherChannels.Batch[] memory batches = new IVoucherChannels.Batch[](4);
        batches[0] = opened(payee, address(muted), WINDOW, 1, 1);
        batches[1] = opened(payee, address(burning), WINDOW, 1, 2);
        batches[2] = opened(address(party), NATIVE, WINDOW, 1, 4);
        batches[3] = opened(payee, address(token), WINDOW, 1, 8);
        muted.be(MoodyToken.Mood.REVERTS);
        muted.silence(true, true);
        burning.be(MoodyToken.Mood.BURNS_GAS);
        party.be(MoodyParty.Mood.BURNS_GAS);

        channels.claimMany{gas: 1_500_000}(batches);

        vm.assertEq(channels.credits(address(muted), payee), 1, "muted");
        vm.assertEq(channels.credits(address(burning), payee), 2, "burning");
        vm.assertEq(channels.credits(NATIVE, address(party)), 4, "party");
        vm.assertEq(token.balanceOf(payee), 8, "paid");
    }

    function test_ClaimMany_LeavesMemoryInOrder() public {
        IVoucherChannels.Batch[] memory batches = new IVoucherChannels.Batch[](3);
        MoodyToken other = moodyToken();
        other.be(MoodyToken.Mood.ANSWERS_HUGE);
        batches[0] = opened(payee, address(other), WINDOW, 1, 100);
        batches[1] = opened(stranger, address(other), WINDOW, 1, 100);
        batches[2] = opened(payee, address(token), WINDOW, 1, 100);

        channels.claimMany(batches);

        vm.assertEq(other.balanceOf(payee) + other.balanceOf(stranger), 200, "other");
        vm.assertEq(token.balanceOf(payee), 100, "paid");
    }
}
