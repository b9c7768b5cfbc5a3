// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {DuplexPayouts} from "../support/DuplexPayouts.sol";
import {vm} from "../support/Vm.sol";

/// @notice Every verb that pays, against every way in which a token or a party can fail: paid, or a credit, never both.
contract DuplexPushesTest is DuplexPayouts {
    MoodyToken private _moody;
    uint256 private _beforeA;
    uint256 private _beforeB;

    function setUp() public override {
        super.setUp();
        _moody = moodyToken();
        begin(address(_moody));
    }

    function test_Pushes_ThatArriveWhateverTheTokenAnswers() public {
        MoodyToken.Mood[5] memory moods = [
            MoodyToken.Mood.PLAIN,
            MoodyToken.Mood.ANSWERS_NOTHING,
            MoodyToken.Mood.ANSWERS_SHORT,
            MoodyToken.Mood.ANSWERS_HUGE,
            MoodyToken.Mood.FALSE_MOVED
        ];
        for (uint256 i = 0; i < moods.length * PAYOUTS; ++i) {
            uint256 state = vm.snapshotState();
            Payout verb = prepared(i % PAYOUTS);
            _moody.be(moods[i / PAYOUTS]);
            run(verb);
            assertPaid(verb, true, true);
            vm.revertToState(state);
        }
    }

    function test_Pushes_ThatFailAreCredits() public {
        MoodyToken.Mood[4] memory moods = [
            MoodyToken.Mood.REVERTS,
            MoodyToken.Mood.REVERTS_HUGE,
            MoodyToken.Mood.BURNS_GAS,
            MoodyToken.Mood.FALSE_UNMOVED
        ];
        for (uint256 i = 0; i < moods.length * PAYOUTS; ++i) {
            uint256 state = vm.snapshotState();
            Payout verb = prepared(i % PAYOUTS);
            _moody.be(moods[i / PAYOUTS]);
            run(verb);
            assertPaid(verb, false, false);
            vm.revertToState(state);
        }
    }

    /// @dev A denied party waits for its own money only, which it may have sent elsewhere.
    function test_Pushes_ToADeniedPartyNeverBlockTheOther() public {
        for (uint256 i = 0; i < 2 * PAYOUTS; ++i) {
            uint256 state = vm.snapshotState();
            Payout verb = prepared(i / 2);
            address denied = i % 2 == 0 ? partyA : partyB;
            _moody.deny(denied, true);
            run(verb);
            assertPaid(verb, i % 2 == 1, i % 2 == 0);

            uint256 credit = duplexes.credits(address(_moody), denied);
            vm.prank(denied);
            duplexes.withdrawCredit(address(_moody), stranger);
            vm.assertEq(_moody.balanceOf(stranger), credit, "elsewhere");
            vm.revertToState(state);
        }
    }

    /// @dev A party of a channel in native money: its code may do what it likes with its 50,000 gas.
    function test_Pushes_OfNativeMoneyToAFailingPartyNeverBlockTheOther() public {
        MoodyParty.Mood[3] memory moods =
            [MoodyParty.Mood.REVERTS, MoodyParty.Mood.REVERTS_HUGE, MoodyParty.Mood.BURNS_GAS];
        bytes memory code = address(new MoodyParty()).code;
        begin(NATIVE);
        for (uint256 i = 0; i < 2 * moods.length * PAYOUTS; ++i) {
            uint256 state = vm.snapshotState();
            Payout verb = prepared(i / 2 % PAYOUTS);
            address failing = i % 2 == 0 ? partyA : partyB;
            vm.etch(failing, code);
            MoodyParty(payable(failing)).be(moods[i / 2 / PAYOUTS]);
            run(verb);
            assertPaid(verb, i % 2 == 1, i % 2 == 0);

            uint256 credit = duplexes.credits(NATIVE, failing);
            MoodyParty(payable(failing)).be(MoodyParty.Mood.ACCEPTS);
            uint256 before = failing.balance;
            duplexes.pushCredit(NATIVE, failing);
            vm.assertEq(failing.balance - before, credit, "pushed by anyone");
            vm.revertToState(state);
        }
    }

    function test_Pushes_OfNativeMoneyCopyNothingThatIsAnswered() public {
        bytes memory code = address(new MoodyParty()).code;
        begin(NATIVE);
        for (uint256 i = 0; i < PAYOUTS; ++i) {
            uint256 state = vm.snapshotState();
            Payout verb = prepared(i);
            vm.etch(partyA, code);
            MoodyParty(payable(partyA)).be(MoodyParty.Mood.ANSWERS_HUGE);
            run(verb);
            assertPaid(verb, true, true);
            vm.revertToState(state);
        }
    }

    /// @dev A token that began to take a fee after the deposit: what was sent is paid, and nobody else's money fills it up.
    function test_Pushes_OfATokenThatLaterTakesAFeeAreNotMadeUpFor() public {
        for (uint256 i = 0; i < PAYOUTS; ++i) {
            uint256 state = vm.snapshotState();
            Payout verb = prepared(i);
            uint256 held = _moody.balanceOf(address(duplexes));
            _moody.be(MoodyToken.Mood.FEE_ON_ARRIVAL);
            run(verb);
            (uint256 toA, uint256 toB) = due(verb);
            vm.assertEq(_moody.balanceOf(partyA), _beforeA + toA - _moody.FEE(), "A");
            vm.assertEq(_moody.balanceOf(partyB), _beforeB + toB - _moody.FEE(), "B");
            vm.assertEq(_moody.balanceOf(address(duplexes)), held - toA - toB, "held");
            assertCredits(0, 0);
            vm.revertToState(state);
        }
    }

    function test_Pushes_OfATokenWhoseCodeIsGoneAreCredits() public {
        for (uint256 i = 0; i < PAYOUTS; ++i) {
            uint256 state = vm.snapshotState();
            Payout verb = prepared(i);
            bytes memory code = address(_moody).code;
            vm.etch(address(_moody), "");
            run(verb);
            vm.etch(address(_moody), code);
            assertPaid(verb, false, false);
            vm.revertToState(state);
        }
    }

    /// @dev One channel's bad token, or its credits, touch no other channel's money.
    function test_Pushes_OfOneChannelLeaveAnothersMoneyAlone() public {
        channel.periods += 1;
        channelId = idOf(channel);
        open();
        channel.periods -= 1;
        channelId = idOf(channel);
        _moody.be(MoodyToken.Mood.FALSE_UNMOVED);
        closeTogether(NET);
        _moody.be(MoodyToken.Mood.PLAIN);
        duplexes.pushCredit(address(_moody), partyA);
        duplexes.pushCredit(address(_moody), partyB);
        vm.assertEq(_moody.balanceOf(address(duplexes)), ALL, "the other channel's");
        channel.periods += 1;
        channelId = idOf(channel);
        closeTogether(NET);
        vm.assertEq(_moody.balanceOf(address(duplexes)), 0, "nothing is left");
    }

    function prepared(uint256 verb) private returns (Payout) {
        ready(Payout(verb));
        (_beforeA, _beforeB) = (balanceOf(partyA), balanceOf(partyB));
        return Payout(verb);
    }

    function assertPaid(Payout verb, bool paidA, bool paidB) private view {
        (uint256 toA, uint256 toB) = due(verb);
        vm.assertEq(balanceOf(partyA) - _beforeA, paidA ? toA : 0, "A is paid");
        vm.assertEq(balanceOf(partyB) - _beforeB, paidB ? toB : 0, "B is paid");
        assertCredits(paidA ? 0 : toA, paidB ? 0 : toB);
    }

    function assertCredits(uint256 ofA, uint256 ofB) private view {
        vm.assertEq(duplexes.credits(channel.token, partyA), ofA, "A's credit");
        vm.assertEq(duplexes.credits(channel.token, partyB), ofB, "B's credit");
    }
}
