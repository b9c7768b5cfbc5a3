// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {DuplexPromises} from "../../../contracts/types/DuplexPromise.sol";
import {DuplexCase} from "../support/DuplexCase.sol";
import {vm} from "../support/Vm.sol";

contract PayOutTest is DuplexCase {
    function setUp() public override {
        super.setUp();
        open();
    }

    function test_PayOut_PaysBothByTheNewestStateAndEndsTheEpoch() public {
        challenge(partyA, stateOf(5, 600));
        answer(stateOf(6, 100));
        vm.warp(OVER);
        vm.expectEmit();
        emit IDuplexChannels.PaidOut(channelId, wordOf(DEPOSIT_A - 100, DEPOSIT_B + 100, 0));
        payOut();

        assertDuplex(0, 0, 1);
        assertFight(0, 0, 0, 0, 0);
        assertBack(DEPOSIT_A - 100, DEPOSIT_B + 100);
    }

    function test_PayOut_WithoutAStateGivesBothTheirDepositsBack() public {
        challenge(partyB, stateOf(0, 0));
        vm.warp(OVER);
        payOut();
        assertBack(DEPOSIT_A, DEPOSIT_B);
    }

    function test_PayOut_PaysNativeMoney() public {
        use(NATIVE);
        open();
        challenge(partyB, stateOf(1, -100));
        vm.warp(OVER);
        payOut();
        assertBack(DEPOSIT_A + 100, DEPOSIT_B - 100);
    }

    /// @dev In each second exactly one of the two is legal, in whichever order a block has them.
    function test_PayOut_StartsInTheVerySecondInWhichAnswersEnd() public {
        challenge(partyA, stateOf(1, 0));
        vm.warp(OVER - 1);
        refusesPayOut(OVER - 1);
        answer(stateOf(2, 100));
        refusesPayOut(OVER - 1);

        vm.warp(OVER);
        refusesAnswer();
        payOut();
        vm.expectRevert(notOpen());
        duplexes.answer(channel, stateOf(0, 0), signed(stateOf(0, 0)));
        assertBack(DEPOSIT_A - 100, DEPOSIT_B + 100);
    }

    function test_PayOut_IsLegalEverAfter() public {
        challenge(partyA, stateOf(1, 100));
        vm.warp(OVER + 3650 days);
        payOut();
        assertBack(DEPOSIT_A - 100, DEPOSIT_B + 100);
    }

    function test_PayOut_RevertsWhen_NobodyChallenged() public {
        vm.warp(OVER + 3650 days);
        vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.NotChallenged.selector, channelId, 0));
        payOut();
    }

    function test_PayOut_RevertsTheSecondTime() public {
        challenge(partyA, stateOf(1, 100));
        vm.warp(OVER);
        payOut();
        vm.expectRevert(notOpen());
        payOut();
        open();
        vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.NotChallenged.selector, channelId, 1));
        payOut();
    }

    function test_PayOut_ReadsNoPromisesOfAStateWithoutAny() public {
        challenge(partyA, stateOf(1, 100));
        vm.warp(OVER);
        duplexes.payOut(channel, DuplexPromises("anything", 700, 300, type(uint48).max));
        assertBack(DEPOSIT_A - 100, DEPOSIT_B + 100);
        (,,,, uint48 until,) = duplexes.reserveOf(channelId, 0);
        vm.assertEq(until, 0, "nothing reserved");
    }

    /// @dev An answer in the last second and whatever comes after it in that block: nothing newer is lost, nobody prolongs.
    function test_PayOut_FollowsTheLastSecondsAnswer() public {
        challenge(partyA, stateOf(1, 700));
        vm.warp(OVER - 1);
        answer(stateOf(2, 100));
        answer(stateOf(3, -300));
        vm.warp(OVER);
        payOut();
        assertBack(ALL, 0);
    }

    /// @dev A party that is awake for one second of the window and posts its newest state, whatever the other posts then:
    /// nothing that the other has is newer, for it never signed anything newer.
    function test_PayOut_PaysTheHonestPartyItsNewestWhateverTheOtherDoes(uint256 dice, uint16 wakes) public {
        uint64 newest = uint64(3 + dice % 20);
        challenge(partyA, stateOf(uint64((dice >> 8) % newest), 0));
        uint256 wake = NOW + wakes % WINDOW;
        for (uint256 i = 1; i < 4; ++i) {
            tryAnswer(NOW + uint16(dice >> (i * 16)) % (wake - NOW + 1), uint64((dice >> (i * 32)) % newest));
        }
        vm.warp(wake);
        answer(stateOf(newest, 123));
        for (uint64 version = 0; version <= newest; ++version) {
            vm.assertTrue(!tryAnswer(OVER - 1, version), "nothing that is older");
        }
        vm.warp(OVER);
        payOut();
        assertBack(DEPOSIT_A - 123, DEPOSIT_B + 123);
    }

    function tryAnswer(uint256 time, uint64 version) private returns (bool success) {
        if (time > block.timestamp) vm.warp(time);
        bytes memory data =
            abi.encodeCall(duplexes.answer, (channel, stateOf(version, 700), signed(stateOf(version, 700))));
        (success,) = address(duplexes).call(data);
    }

    function refusesPayOut(uint256 time) private {
        vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.FightNotOver.selector, time, OVER));
        payOut();
    }

    function refusesAnswer() private {
        vm.expectRevert(abi.encodeWithSelector(IDuplexChannels.FightOver.selector, OVER, OVER));
        answer(stateOf(3, 700));
    }
}
