// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {DuplexCase} from "../support/DuplexCase.sol";
import {vm} from "../support/Vm.sol";

contract DepositTest is DuplexCase {
    function test_Deposit_OfEitherPartyStartsEpochZero() public {
        address[2] memory parties = [partyA, partyB];
        for (uint256 i = 0; i < 2; ++i) {
            uint256 state = vm.snapshotState();
            (uint256 byA, uint256 byB) = (DEPOSIT_A * (1 - i), DEPOSIT_A * i);
            vm.expectEmit();
            emit IDuplexChannels.Opened(channelId, partyA, partyB, address(token), signerA, signerB, channel.periods);
            vm.expectEmit();
            emit IDuplexChannels.Deposited(channelId, wordOf(byA, byB, 0));
            deposit(parties[i], 0, DEPOSIT_A);

            assertDuplex(byA, byB, 0);
            vm.assertEq(token.balanceOf(address(duplexes)), DEPOSIT_A, "held");
            vm.assertEq(token.balanceOf(parties[i]), PURSE - DEPOSIT_A, "its own money");
            vm.revertToState(state);
        }
        vm.assertEq(duplexes.channelIdOf(channel), channelId, "id");
    }

    function test_Deposit_AddsToTheCallersOwn() public {
        open();
        vm.expectEmit();
        emit IDuplexChannels.Deposited(channelId, wordOf(DEPOSIT_A + 5, DEPOSIT_B, 0));
        deposit(partyA, 0, 5);
        vm.recordLogs();
        deposit(partyB, 0, 7);

        assertDuplex(DEPOSIT_A + 5, DEPOSIT_B + 7, 0);
        vm.assertEq(token.balanceOf(address(duplexes)), ALL + 12, "held");
        vm.assertEq(vm.getRecordedLogs().length, 2, "deposited and transferred, not opened again");
    }

    function test_Deposit_TakesNativeMoneyOfExactlyTheAmount() public {
        use(NATIVE);
        open();
        assertDuplex(DEPOSIT_A, DEPOSIT_B, 0);
        assertBack(0, 0);
    }

    function test_Deposit_RevertsWhen_NoPartyCalls() public {
        address[3] memory callers = [stranger, signerA, signerB];
        for (uint256 opened = 0; opened < 2; ++opened) {
            for (uint256 i = 0; i < callers.length; ++i) {
                vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.NotParty.selector, callers[i]));
                deposit(callers[i], 0, 1);
            }
            if (opened == 0) open();
        }
    }

    function test_Deposit_RevertsWhen_ThereIsNothingToDeposit() public {
        for (uint256 opened = 0; opened < 2; ++opened) {
            vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.InvalidAmount.selector));
            deposit(partyA, 0, 0);
            if (opened == 0) open();
        }
    }

    function test_Deposit_RevertsWhen_APartyCanNotBePaid() public {
        address[3] memory bad = [address(0), address(duplexes), address(token)];
        for (uint256 i = 0; i < bad.length; ++i) {
            channel.partyB = bad[i];
            refuses(partyA, IDuplexChannels.InvalidParty.selector, bad[i]);
            (channel.partyA, channel.partyB) = (bad[i], partyB);
            refuses(partyB, IDuplexChannels.InvalidParty.selector, bad[i]);
            channel.partyA = partyA;
        }
        channel.partyB = partyA;
        refuses(partyA, IDuplexChannels.InvalidParty.selector, partyA);
    }

    function test_Deposit_RevertsWhen_AKeyIsMissingOrTheSame() public {
        channel.signerA = address(0);
        refuses(partyA, IDuplexChannels.InvalidSigner.selector, address(0));
        channel.signerA = signerB;
        refuses(partyB, IDuplexChannels.InvalidSigner.selector, signerB);
        (channel.signerA, channel.signerB) = (signerA, address(0));
        refuses(partyA, IDuplexChannels.InvalidSigner.selector, address(0));
    }

    function test_Deposit_BoundsBothPeriodsFromFifteenMinutesTo365Days() public {
        uint256[4] memory bad = [uint256(0), 15 minutes - 1, 365 days + 1, type(uint32).max];
        for (uint256 i = 0; i < bad.length; ++i) {
            refusesPeriod(periods(bad[i], PROMISE_WINDOW, 1), bad[i]);
            refusesPeriod(periods(WINDOW, bad[i], 1), bad[i]);
        }
        accepts(periods(15 minutes, 15 minutes, 1));
        accepts(periods(365 days, 365 days, 1));
    }

    function test_Deposit_RevertsWhen_BitsStandAboveTheWindow() public {
        refusesPeriod(periods(WINDOW, PROMISE_WINDOW, 1) | 1 << 160, WINDOW | 1 << 32);
        refusesPeriod(periods(WINDOW, PROMISE_WINDOW, 1) | 1 << 255, WINDOW | 1 << 127);
    }

    function test_Deposit_RevertsWhen_AnAddressHasDirtyHighBits() public {
        for (uint256 member = 0; member < 5; ++member) {
            bytes memory data = abi.encodeCall(duplexes.deposit, (channel, 0, 1));
            data[4 + 32 * member] = 0x01;
            vm.prank(member == 0 ? partyB : partyA);
            (bool success, bytes memory reason) = address(duplexes).call(data);
            vm.assertTrue(!success && reason.length == 0, "dirty address refused by the decoder");
        }
    }

    function test_Deposit_RevertsWhen_ItWasMeantForAnotherEpoch() public {
        vm.expectRevert(wrongEpoch(1, 0));
        deposit(partyA, 1, 1);
        open();
        vm.expectRevert(wrongEpoch(1, 0));
        deposit(partyA, 1, 1);
    }

    /// @dev A top-up that was sent before an end must not start the next epoch.
    function test_Deposit_ThatAnEndOvertookDoesNotStartTheNextEpoch() public {
        open();
        closeTogether(0);
        vm.expectRevert(wrongEpoch(0, 1));
        deposit(partyA, 0, 5);
        vm.expectRevert(wrongEpoch(2, 1));
        deposit(partyA, 2, 5);

        deposit(partyA, 1, 5);
        assertDuplex(5, 0, 1);
    }

    function test_Deposit_UsesTheLastEpochButOneAndNoMore() public {
        uint256 last = type(uint32).max;
        vm.store(address(duplexes), channelId, bytes32((last - 1) << 192));
        open();
        assertDuplex(DEPOSIT_A, DEPOSIT_B, last - 1);
        closeTogether(0);
        assertDuplex(0, 0, last);

        vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.NoEpochLeft.selector, channelId));
        deposit(partyA, last, 1);
    }

    function test_Deposit_KeepsBothTogetherWithin96Bits() public {
        uint256 most = type(uint96).max;
        deposit(partyA, 0, uint96(most - 5));
        address[2] memory parties = [partyA, partyB];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.DepositTooLarge.selector, most + 1, most));
            deposit(parties[i], 0, 6);
            vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.DepositTooLarge.selector, 2 * most - 5, most));
            deposit(parties[i], 0, uint96(most));
        }
        deposit(partyB, 0, 5);
        assertDuplex(most - 5, 5, 0);
    }

    function test_Deposit_UnderTheIdOfExactlyItsSixMembers() public {
        open();
        for (uint256 member = 0; member < 6; ++member) {
            (bool success, bytes memory answer_) =
                address(duplexes).call(bytes.concat(duplexes.channelIdOf.selector, flip(abi.encode(channel), member)));
            vm.assertTrue(success, "an id");
            (uint96 depositA, uint96 depositB,) = duplexes.duplexOf(abi.decode(answer_, (bytes32)));
            vm.assertEq(depositA + depositB, 0, "another member, another channel");
        }
    }

    function refuses(address party, bytes4 selector, address fact) private {
        vm.expectRevert(abi.encodeWithSelector(selector, fact));
        deposit(party, 0, 1);
    }

    function refusesPeriod(uint256 periods_, uint256 period) private {
        channel.periods = periods_;
        bytes4 selector = bytes4(keccak256("InvalidPeriod(uint256,uint256,uint256)"));
        vm.expectRevert(abi.encodeWithSelector(selector, period, 15 minutes, 365 days));
        deposit(partyA, 0, 1);
    }

    function accepts(uint256 periods_) private {
        channel.periods = periods_;
        channelId = idOf(channel);
        deposit(partyA, 0, 1);
        assertDuplex(1, 0, 0);
    }
}
