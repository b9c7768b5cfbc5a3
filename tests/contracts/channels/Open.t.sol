// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Periods} from "../../../contracts/channels/Periods.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {FeeOnTransferToken} from "../../../contracts/testing/FeeOnTransferToken.sol";
import {Channel} from "../../../contracts/types/Channel.sol";
import {ChannelsCase} from "../support/ChannelsCase.sol";
import {vm} from "../support/Vm.sol";

contract OpenTest is ChannelsCase {
    function test_Open_PullsTheDepositAndStartsEpochZero() public {
        vm.expectEmit();
        emit IVoucherChannels.Opened(
            channelId, payer, payee, address(token), signer, channel.periods, wordOf(DEPOSIT, 0, 0, 0)
        );
        open(DEPOSIT);

        assertLane(DEPOSIT, 0, 0, 0);
        vm.assertEq(token.balanceOf(address(channels)), DEPOSIT, "held");
        vm.assertEq(channels.channelIdOf(channel), channelId, "id");
    }

    function test_Open_TakesNativeMoneyOfExactlyTheAmount() public {
        use(NATIVE);

        open(DEPOSIT);

        assertLane(DEPOSIT, 0, 0, 0);
        vm.assertEq(address(channels).balance, DEPOSIT, "held");
    }

    function test_Open_RevertsWhen_AnotherThanThePayerCalls() public {
        vm.expectRevert(notPayer(stranger));
        vm.prank(stranger);
        channels.open(channel, DEPOSIT);
    }

    function test_Open_RevertsWhen_ThereIsNothingToDeposit() public {
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.InvalidAmount.selector));
        open(0);
    }

    function test_Open_RevertsWhen_ThePayeeCanNotBePaid() public {
        address[4] memory payees = [address(0), payer, address(channels), address(token)];
        for (uint256 i = 0; i < payees.length; ++i) {
            channel.payee = payees[i];
            vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.InvalidPayee.selector, payees[i]));
            open(DEPOSIT);
        }
    }

    function test_Open_RevertsWhen_NobodySigns() public {
        channel.signer = address(0);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.InvalidSigner.selector, address(0)));
        open(DEPOSIT);
    }

    function test_Open_BoundsBothPeriodsFromFifteenMinutesTo365Days() public {
        uint256[4] memory bad = [uint256(0), 15 minutes - 1, 365 days + 1, type(uint32).max];
        for (uint256 i = 0; i < bad.length; ++i) {
            refuses(periods(bad[i], PROMISE_WINDOW, 1), bad[i]);
            refuses(periods(WINDOW, bad[i], 1), bad[i]);
        }
        accepts(periods(15 minutes, 15 minutes, 1));
        accepts(periods(365 days, 365 days, 1));
    }

    function test_Open_RevertsWhen_BitsStandAboveTheWindow() public {
        refuses(periods(WINDOW, PROMISE_WINDOW, 1) | 1 << 160, WINDOW | 1 << 32);
        refuses(periods(WINDOW, PROMISE_WINDOW, 1) | 1 << 255, WINDOW | 1 << 127);
    }

    function test_Open_RevertsWhen_AnAddressHasDirtyHighBits() public {
        for (uint256 member = 0; member < 4; ++member) {
            bytes memory data = abi.encodeCall(channels.open, (channel, DEPOSIT));
            data[4 + 32 * member] = 0x01;
            vm.prank(payer);
            (bool opened, bytes memory answer) = address(channels).call(data);
            vm.assertTrue(!opened && answer.length == 0, "dirty address refused by the decoder");
        }
    }

    function test_Open_RevertsWhen_TheLaneIsOpen() public {
        open(DEPOSIT);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.AlreadyOpen.selector, channelId));
        open(DEPOSIT);
    }

    function test_Open_AgainContinuesWithTheNextEpoch() public {
        open(DEPOSIT);
        close(0, 0, 0);
        open(7);

        assertLane(7, 0, 0, 1);
    }

    function test_Open_UsesTheLastEpochButOneAndNoMore() public {
        vm.store(address(channels), channelId, bytes32(uint256(2 ** 31 - 2) << 224));
        open(DEPOSIT);
        close(2 ** 31 - 2, 0, 0);
        assertLane(0, 0, 0, 2 ** 31 - 1);

        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.NoEpochLeft.selector, channelId));
        open(DEPOSIT);
    }

    function test_Open_RevertsWhen_TheValueIsNotTheAmount() public {
        use(NATIVE);
        uint256[3] memory values = [uint256(0), DEPOSIT - 1, DEPOSIT + 1];
        for (uint256 i = 0; i < values.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, values[i], DEPOSIT));
            vm.prank(payer);
            channels.open{value: values[i]}(channel, DEPOSIT);
        }
    }

    function test_Open_RevertsWhen_NativeMoneyComesWithATokenDeposit() public {
        vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, 1, 0));
        vm.prank(payer);
        channels.open{value: 1}(channel, DEPOSIT);
    }

    function test_Open_RevertsWhen_TheTokenHasNoCodeOrIsAPrecompile() public {
        address[3] memory tokens = [address(0xDEAD), address(1), address(channels)];
        for (uint256 i = 0; i < tokens.length; ++i) {
            use(tokens[i]);
            vm.expectRevert(abi.encodeWithSelector(IFunding.TokenHasNoCode.selector, tokens[i]));
            open(DEPOSIT);
        }
    }

    function test_Open_RevertsWhen_ThePrecompileAnswersABalance() public {
        bytes4 failed = bytes4(keccak256("SafeERC20FailedOperation(address)"));
        address[2] memory tokens = [address(2), address(4)];
        for (uint256 i = 0; i < tokens.length; ++i) {
            use(tokens[i]);
            vm.expectRevert(abi.encodeWithSelector(failed, tokens[i]));
            open(DEPOSIT);
        }
    }

    function test_Open_RevertsWhen_TheTokenTakesAFee() public {
        FeeOnTransferToken fee = new FeeOnTransferToken();
        fee.mint(payer, DEPOSIT);
        vm.prank(payer);
        fee.approve(address(channels), DEPOSIT);
        use(address(fee));

        vm.expectRevert(
            abi.encodeWithSelector(IFunding.InexactTransfer.selector, address(fee), DEPOSIT - DEPOSIT / 100, DEPOSIT)
        );
        open(DEPOSIT);
    }

    function test_Open_UnderTheIdOfExactlyItsFiveMembers() public {
        open(DEPOSIT);
        for (uint256 member = 0; member < 5; ++member) {
            bytes memory encoded = abi.encode(channel);
            encoded[32 * member + 31] ^= 0x01;
            Channel memory other = abi.decode(encoded, (Channel));
            (uint96 deposit,,,,) = channels.laneOf(channels.channelIdOf(other));
            vm.assertEq(deposit, 0, "another member, another lane");
        }
    }

    function refuses(uint256 periods_, uint256 period) private {
        channel.periods = periods_;
        vm.expectRevert(abi.encodeWithSelector(Periods.InvalidPeriod.selector, period, 15 minutes, 365 days));
        open(DEPOSIT);
    }

    function accepts(uint256 periods_) private {
        channel.periods = periods_;
        channelId = idOf(channel);
        open(DEPOSIT);
        assertLane(DEPOSIT, 0, 0, 0);
    }
}
