// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPayouts} from "../../../contracts/interfaces/IPayouts.sol";
import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {ThirstyReceiver, ThirstyToken} from "../mocks/Thirsty.sol";
import {ChannelsCase} from "../support/ChannelsCase.sol";
import {vm} from "../support/Vm.sol";

/// @notice Whoever calls, with whatever gas: a push that would arrive is never starved into a credit.
contract StarvingTest is ChannelsCase {
    uint96 private constant TAKE = 300;

    function test_Claim_OfNativeMoneyIsPaidOrRevertsAtAnyGas() public {
        payee = address(new ThirstyReceiver(49_000));
        use(NATIVE);
        open(DEPOSIT);
        _sweep(_claim(), 30_000, 250_000);
    }

    function test_Claim_OfATokenIsPaidOrRevertsAtAnyGas() public {
        _useThirsty();
        open(DEPOSIT);
        _sweep(_claim(), 30_000, 500_000);
    }

    function test_ClaimMany_OfATokenIsPaidOrDoesNothingAtAnyGas() public {
        _useThirsty();
        open(DEPOSIT);
        IVoucherChannels.Batch[] memory batches = batchOf(1);
        batches[0].claims[0] = rowOf(SIGNER_KEY, signer, 1, channelId, 0, TAKE);
        _sweep(abi.encodeCall(channels.claimMany, (batches)), 5000, 500_000);
    }

    function test_Close_PaysBothLegsOrRevertsAtAnyGas() public {
        _useThirsty();
        open(DEPOSIT);
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY, channelId, 0, TAKE);
        _sweep(abi.encodeCall(channels.close, (channel, 0, TAKE, TAKE, r, vs)), 30_000, 800_000);
    }

    function test_Withdraw_OfNativeMoneyIsPaidOrRevertsAtAnyGas() public {
        vm.etch(payer, address(new ThirstyReceiver(49_000)).code);
        use(NATIVE);
        open(DEPOSIT);
        requestClose();
        vm.warp(NOW + WINDOW);
        _sweep(abi.encodeCall(channels.withdraw, (channel)), 30_000, 250_000);
    }

    function test_Claim_RevertsByNameWhen_ThePushCouldBeStarved() public {
        _useThirsty();
        open(DEPOSIT);
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY, channelId, 0, TAKE);
        vm.expectPartialRevert(IPayouts.NotEnoughGas.selector);
        channels.claim{gas: 300_000}(channel, 0, TAKE, r, vs);
    }

    function _useThirsty() private {
        ThirstyToken thirsty = new ThirstyToken();
        thirsty.mint(payer, DEPOSIT);
        vm.prank(payer);
        thirsty.approve(address(channels), DEPOSIT);
        use(address(thirsty));
    }

    function _claim() private view returns (bytes memory) {
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY, channelId, 0, TAKE);
        return abi.encodeCall(channels.claim, (channel, 0, TAKE, r, vs));
    }

    /// @dev The last, richest call must be served, else the sweep proves nothing.
    function _sweep(bytes memory data, uint256 from, uint256 to) private {
        bool served = false;
        for (uint256 gas_ = from; gas_ <= to; gas_ += 479) {
            uint256 state = vm.snapshotState();
            (uint256 before,) = _owed();
            vm.prank(payee);
            (bool done,) = address(channels).call{gas: gas_}(data);
            (uint256 left, uint256 credits) = _owed();
            vm.assertEq(credits, 0, "starved into a credit");
            served = done && left < before;
            vm.revertToState(state);
        }
        vm.assertTrue(served, "served at last");
    }

    /// @return held by the contract, and owed as credits
    function _owed() private view returns (uint256 held, uint256 credits) {
        held = balanceOf(address(channels));
        credits = channels.credits(channel.token, payee) + channels.credits(channel.token, payer);
    }
}
