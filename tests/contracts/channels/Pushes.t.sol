// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Donor} from "../mocks/Donor.sol";
import {HalfToken} from "../mocks/HalfToken.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {Spoiler} from "../mocks/Spoiler.sol";
import {LaneVerbs} from "../support/LaneVerbs.sol";
import {vm} from "../support/Vm.sol";

/// @notice Every verb that pays, against every way in which a token or a receiver can fail: paid, or a credit, never both.
contract PushesTest is LaneVerbs {
    MoodyToken private _moody;
    uint256 private _before;

    function setUp() public override {
        super.setUp();
        _moody = moodyToken();
        use(address(_moody));
    }

    function test_Pushes_ThatArriveWhateverTheTokenAnswers() public {
        MoodyToken.Mood[5] memory moods = [
            MoodyToken.Mood.PLAIN,
            MoodyToken.Mood.ANSWERS_NOTHING,
            MoodyToken.Mood.ANSWERS_SHORT,
            MoodyToken.Mood.ANSWERS_HUGE,
            MoodyToken.Mood.FALSE_MOVED
        ];
        for (uint256 i = 0; i < moods.length; ++i) {
            for (uint256 verb = 0; verb < VERBS; ++verb) {
                uint256 state = vm.snapshotState();
                _run(moods[i], Verb(verb));
                (uint256 toPayee, uint256 toPayer) = due(Verb(verb));
                _assertPaid(toPayee, toPayer);
                _assertCredits(0, 0);
                vm.revertToState(state);
            }
        }
    }

    function test_Pushes_ThatFailAreCredits() public {
        MoodyToken.Mood[4] memory moods = [
            MoodyToken.Mood.REVERTS,
            MoodyToken.Mood.REVERTS_HUGE,
            MoodyToken.Mood.BURNS_GAS,
            MoodyToken.Mood.FALSE_UNMOVED
        ];
        for (uint256 i = 0; i < moods.length; ++i) {
            for (uint256 verb = 0; verb < VERBS; ++verb) {
                uint256 state = vm.snapshotState();
                _run(moods[i], Verb(verb));
                (uint256 toPayee, uint256 toPayer) = due(Verb(verb));
                _assertPaid(0, 0);
                _assertCredits(toPayee, toPayer);
                vm.revertToState(state);
            }
        }
    }

    function test_Pushes_OfATokenThatLaterTakesAFeeAreNotMadeUpFor() public {
        for (uint256 verb = 0; verb < VERBS; ++verb) {
            uint256 state = vm.snapshotState();
            _run(MoodyToken.Mood.FEE_ON_ARRIVAL, Verb(verb));
            (uint256 toPayee, uint256 toPayer) = due(Verb(verb));
            _assertPaid(toPayee == 0 ? 0 : toPayee - 1, toPayer == 0 ? 0 : toPayer - 1);
            _assertCredits(0, 0);
            vm.revertToState(state);
        }
    }

    function test_Pushes_ToADeniedPayeeLeaveThePayersLegAlone() public {
        open(DEPOSIT);
        _before = _moody.balanceOf(payer);
        _moody.deny(payee, true);
        close(0, TAKE, TAKE);

        _assertPaid(0, DEPOSIT - TAKE);
        _assertCredits(TAKE, 0);
        vm.prank(payee);
        channels.withdrawCredit(address(_moody), stranger);
        vm.assertEq(_moody.balanceOf(stranger), TAKE, "elsewhere");
        vm.assertEq(_moody.balanceOf(address(channels)), 0, "nothing is left");
    }

    function test_Pushes_ToADeniedPayerLeaveThePayeesLegAlone() public {
        open(DEPOSIT);
        _before = _moody.balanceOf(payer);
        _moody.deny(payer, true);
        close(0, TAKE, TAKE);
        _assertPaid(TAKE, 0);
        _assertCredits(0, DEPOSIT - TAKE);
    }

    function test_Pushes_OfATokenWithoutCodeAreCredits() public {
        open(DEPOSIT);
        bytes memory code = address(_moody).code;
        vm.etch(address(_moody), "");
        close(0, TAKE, TAKE);
        vm.etch(address(_moody), code);
        _assertCredits(TAKE, DEPOSIT - TAKE);
    }

    /// @dev A token that falls silent in its transfer: nothing tells that the money moved, so it is still owed.
    function test_Pushes_AnsweredFalseByATokenThatThenIsMuteAreCredits() public {
        open(DEPOSIT);
        _moody.be(MoodyToken.Mood.FALSE_UNMOVED);
        _moody.silence(false, true);
        claim(0, TAKE);
        _assertCredits(TAKE, 0);
    }

    function test_Pushes_OfATokenThatIsMuteFromBeforeStillReachBoth() public {
        open(DEPOSIT);
        _before = _moody.truth(payer);
        _moody.silence(true, false);
        close(0, TAKE, TAKE);
        _moody.silence(false, false);
        _assertPaid(TAKE, DEPOSIT - TAKE);
        _assertCredits(0, 0);
    }

    /// @dev Our balance is unknown before the first leg: the second must not count as paid out of that.
    function test_Pushes_TheSecondLegIsNotBelievedBecauseTheFirstWas() public {
        payee = address(new Spoiler(_moody));
        use(address(_moody));
        open(DEPOSIT);
        _moody.hook(payee);
        _moody.silence(true, false);
        close(0, TAKE, TAKE);

        vm.assertEq(_moody.balanceOf(payee), TAKE, "payee");
        _assertCredits(0, DEPOSIT - TAKE);
    }

    function test_Pushes_ThatComeBackInPartAreCreditedInPart() public {
        payee = address(new Donor(_moody, address(channels)));
        use(address(_moody));
        open(DEPOSIT);
        _moody.hook(payee);
        _moody.be(MoodyToken.Mood.FALSE_MOVED);
        claim(0, TAKE);

        vm.assertEq(_moody.balanceOf(payee) + channels.credits(address(_moody), payee), TAKE, "no more than was due");
        vm.assertGe(
            _moody.balanceOf(address(channels)), DEPOSIT - TAKE + channels.credits(address(_moody), payee), "solvent"
        );
    }

    /// @dev What the first leg moved in part must not count as the second's.
    function test_Pushes_ThatMoveInPartDoNotPayForTheOtherLeg() public {
        HalfToken half = new HalfToken();
        half.mint(payer, DEPOSIT);
        vm.prank(payer);
        half.approve(address(channels), DEPOSIT);
        use(address(half));
        open(DEPOSIT);
        close(0, TAKE, TAKE);

        vm.assertEq(half.balanceOf(payee), TAKE / 2, "half of it");
        _assertCredits(TAKE - TAKE / 2, DEPOSIT - TAKE);
    }

    function test_Pushes_OfATokenThatIsMuteAndAnswersNothingArrive() public {
        open(DEPOSIT);
        _moody.silence(true, false);
        _moody.be(MoodyToken.Mood.ANSWERS_NOTHING);
        claim(0, TAKE);
        vm.assertEq(_moody.truth(payee), TAKE, "paid");
        _assertCredits(0, 0);
    }

    function test_Pushes_ThatMoveHalfAndAnswerFalseAreCreditsOfTheOtherHalf() public {
        for (uint256 verb = 0; verb < VERBS; ++verb) {
            uint256 state = vm.snapshotState();
            _run(MoodyToken.Mood.HALF_AND_FALSE, Verb(verb));
            (uint256 toPayee, uint256 toPayer) = due(Verb(verb));
            _assertPaid(toPayee / 2, toPayer / 2);
            _assertCredits(toPayee - toPayee / 2, toPayer - toPayer / 2);
            vm.revertToState(state);
        }
    }

    /// @dev Whatever the token does to its own holders, what the contract owes to others stays.
    function test_Pushes_NeverTouchOtherLanesMoney() public {
        channel.periods += 1;
        open(DEPOSIT);
        channel.periods -= 1;
        for (uint256 mood = 0; mood <= uint256(MoodyToken.Mood.SHORT_UNMOVED); ++mood) {
            for (uint256 verb = 0; verb < VERBS; ++verb) {
                uint256 state = vm.snapshotState();
                ready(Verb(verb));
                uint256 held = _moody.balanceOf(address(channels));
                _moody.be(MoodyToken.Mood(mood));
                vm.assertLe(run(Verb(verb)), 650_000, "gas that a token can burn");
                (uint256 toPayee, uint256 toPayer) = due(Verb(verb));
                uint256 credits = channels.credits(channel.token, payee) + channels.credits(channel.token, payer);
                vm.assertGe(
                    _moody.balanceOf(address(channels)), held - toPayee - toPayer + credits, "the others' money"
                );
                vm.revertToState(state);
            }
        }
    }

    /// @dev Runs the verb on a lane that was opened while the token still kept the rules.
    function _run(MoodyToken.Mood mood, Verb verb) private {
        ready(verb);
        _before = _moody.balanceOf(payer);
        _moody.be(mood);
        run(verb);
    }

    function _assertPaid(uint256 toPayee, uint256 toPayer) private view {
        vm.assertEq(_moody.balanceOf(payee), toPayee, "payee is paid");
        vm.assertEq(_moody.balanceOf(payer) - _before, toPayer, "payer is paid");
    }

    function _assertCredits(uint256 toPayee, uint256 toPayer) private view {
        vm.assertEq(channels.credits(channel.token, payee), toPayee, "payee's credit");
        vm.assertEq(channels.credits(channel.token, payer), toPayer, "payer's credit");
    }
}
