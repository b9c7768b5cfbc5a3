// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {EveryVerb} from "../support/EveryVerb.sol";
import {vm} from "../support/Vm.sol";

/// @notice Tokens that break ERC-20's rules, before and after the money is in, on every way in and out.
contract HostileTokensTest is EveryVerb {
    /// @dev The later ones take from everybody who holds the token: see docs/security.md.
    uint256 private constant MOODS = 13;

    /// @dev The payee's sixteenth byte lies where the last byte of an answer would: a short answer must not borrow it.
    function setUp() public override {
        super.setUp();
        vm.assertEq(uint256(uint8(bytes20(payee)[15])), 1, "the payee's sixteenth byte");
    }

    function takes(MoodyToken.Mood mood) private pure returns (bool) {
        return mood == MoodyToken.Mood.PLAIN || mood == MoodyToken.Mood.ANSWERS_NOTHING
            || mood == MoodyToken.Mood.ANSWERS_HUGE;
    }

    /// @dev The rest is kept as a credit.
    function moves(MoodyToken.Mood mood) private pure returns (bool) {
        return takes(mood) || mood == MoodyToken.Mood.ANSWERS_SHORT || mood == MoodyToken.Mood.FALSE_MOVED;
    }

    function test_EveryVerb_PaysOrCreditsEachLegExactlyWhateverTheTokenDoes() public {
        for (uint256 i; i < MOODS; ++i) {
            MoodyToken.Mood mood = MoodyToken.Mood(i);
            if (mood == MoodyToken.Mood.TRUE_UNMOVED || mood == MoodyToken.Mood.FEE_ON_ARRIVAL) continue;
            for (uint256 verb; verb < VERBS; ++verb) {
                checkLegs(mood, Verb(verb));
            }
        }
    }

    function checkLegs(MoodyToken.Mood mood, Verb verb) private {
        uint256 snapshot = vm.snapshotState();
        terms.salt = 2;
        ready(verb);
        terms.salt = 1;
        ready(verb);
        token.be(mood);
        vm.assertLe(run(verb), 1_300_000, "gas that a token can burn");

        (uint256 toPayer, uint256 toPayee, uint256 toFee) = due(verb);
        checkLeg(mood, payer, toPayer);
        checkLeg(mood, payee, toPayee);
        checkLeg(mood, feeRecipient, toFee);
        uint256 credits = creditOf(payer) + creditOf(payee) + creditOf(feeRecipient);
        assertBalance(address(escrow), AMOUNT + keptBy(verb) + credits);
        vm.revertToState(snapshot);
    }

    function checkLeg(MoodyToken.Mood mood, address owner, uint256 amount) private view {
        uint256 moved = moves(mood) ? amount : mood == MoodyToken.Mood.HALF_AND_FALSE ? amount / 2 : 0;
        assertBalance(owner, moved);
        assertCredit(owner, amount - moved);
    }

    /// @dev A token may break its word to its own holders; the other payments' money stays.
    function test_EveryVerb_LeavesOtherPaymentsMoneyWhen_TheTokenLiesOrTakesAFeeLater() public {
        for (uint256 verb; verb < VERBS; ++verb) {
            for (uint256 i; i < 2; ++i) {
                uint256 snapshot = vm.snapshotState();
                terms.salt = 2;
                ready(Verb(verb));
                terms.salt = 1;
                ready(Verb(verb));
                token.be(i == 0 ? MoodyToken.Mood.FEE_ON_ARRIVAL : MoodyToken.Mood.TRUE_UNMOVED);
                run(Verb(verb));
                vm.assertGe(balanceOf(address(escrow)), AMOUNT, "the other payment's money");
                assertCredit(payee, 0);
                vm.revertToState(snapshot);
            }
        }
    }

    function test_EveryVerb_CreditsWhen_TheTokenAnswersFalseAndThenHidesItsBalances() public {
        for (uint256 verb; verb < VERBS; ++verb) {
            uint256 snapshot = vm.snapshotState();
            ready(Verb(verb));
            token.be(MoodyToken.Mood.FALSE_UNMOVED);
            token.silence(false, true);
            run(Verb(verb));
            assertAllCredited(Verb(verb));
            vm.revertToState(snapshot);
        }
    }

    function test_EveryVerb_CreditsWhen_TheTokenIsGone() public {
        for (uint256 verb; verb < VERBS; ++verb) {
            uint256 snapshot = vm.snapshotState();
            ready(Verb(verb));
            vm.etch(address(token), "");
            run(Verb(verb));
            assertAllCredited(Verb(verb));
            vm.revertToState(snapshot);
        }
    }

    function assertAllCredited(Verb verb) private view {
        (uint256 toPayer, uint256 toPayee, uint256 toFee) = due(verb);
        assertCredit(payer, toPayer);
        assertCredit(payee, toPayee);
        assertCredit(feeRecipient, toFee);
    }

    /// @dev Hidden balances must not make the second leg believe in an endless balance before.
    function test_Capture_CreditsTheSecondLegWhen_BalancesAreHiddenAndItAnswersFalse() public {
        authorized();
        token.silence(true, false);
        token.shun(payee);
        capture(0);
        assertBalance(feeRecipient, feeOn(AMOUNT));
        assertCredit(payee, AMOUNT - feeOn(AMOUNT));
        assertSolvent();
    }

    function test_Capture_CreditsTheSecondLegWhen_BalancesShowUpBetweenTheLegs() public {
        MoodyParty party = new MoodyParty();
        (feeRecipient, terms.feeRecipient) = (address(party), address(party));
        authorized();
        token.hook(feeRecipient);
        party.plan(address(token), abi.encodeCall(token.silence, (false, false)));
        token.silence(true, false);
        token.shun(payee);
        capture(0);
        vm.assertTrue(party.succeeded(), "shown");
        assertCredit(payee, AMOUNT - feeOn(AMOUNT));
        assertSolvent();
    }

    function test_Capture_CreditsTheSecondLegInFullWhen_OnlyTheFirstMoved() public {
        authorized();
        token.shun(payee);
        capture(0);
        assertCredit(payee, AMOUNT - feeOn(AMOUNT));
        assertSolvent();
    }

    function test_Capture_BelievesATokenThatAnswersNothingAndHidesItsBalances() public {
        authorized();
        token.silence(true, false);
        token.be(MoodyToken.Mood.ANSWERS_NOTHING);
        capture(0);
        assertBalance(payee, AMOUNT - feeOn(AMOUNT));
        assertSolvent();
    }

    function test_Refund_BecomesACreditWhen_ThePayerBurnsTheGas() public {
        MoodyParty party = new MoodyParty();
        (payer, terms.payer) = (address(party), address(party));
        authorized();
        capture(0);
        token.hook(payer);
        party.be(MoodyParty.Mood.BURNS_GAS);
        equip(operator, AMOUNT);
        vm.prank(operator);
        escrow.refund{gas: 1_000_000}(terms, 0, 0);
        assertCredit(payer, AMOUNT);
        assertSolvent();
    }

    function test_Refund_RevertsWhen_TheTokenOnlyAnswersFalse() public {
        authorized();
        capture(0);
        token.shun(payer);
        equip(operator, AMOUNT);
        vm.expectRevert(abi.encodeWithSelector(IFunding.InexactTransfer.selector, token, 0, AMOUNT));
        vm.prank(operator);
        escrow.refund(terms, 0, 0);
    }

    function test_Capture_PaysTheOtherLegWhen_OneIsDenied() public {
        authorized();
        token.deny(feeRecipient, true);
        capture(100);
        assertCredit(feeRecipient, feeOn(AMOUNT - 100));
        assertBalance(payee, AMOUNT - 100 - feeOn(AMOUNT - 100));
        assertSolvent();
    }

    function test_Refund_MovesExactlyOrNothing() public {
        for (uint256 i; i < MOODS; ++i) {
            uint256 snapshot = vm.snapshotState();
            authorized();
            capture(0);
            token.be(MoodyToken.Mood(i));
            equip(operator, AMOUNT);
            vm.prank(operator);
            (bool success,) = address(escrow).call{gas: 5_000_000}(abi.encodeCall(escrow.refund, (terms, 0, 0)));
            vm.assertTrue(success == moves(MoodyToken.Mood(i)), "refunded");
            assertHolding(0, success ? 0 : AMOUNT);
            assertBalance(operator, success ? 0 : AMOUNT);
            vm.assertEq(balanceOf(payer) + creditOf(payer), success ? AMOUNT : 0, "the payer's");
            assertSolvent();
            vm.revertToState(snapshot);
        }
    }
}
