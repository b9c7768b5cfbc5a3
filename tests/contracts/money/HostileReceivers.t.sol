// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MoodyParty} from "../mocks/MoodyParty.sol";
import {EveryVerb} from "../support/EveryVerb.sol";
import {vm} from "../support/Vm.sol";

/// @notice Receivers of native currency that refuse it, burn all gas, or answer a megabyte: no leg blocks another.
contract HostileReceiversTest is EveryVerb {
    uint256 private constant MOODS = 6;

    function setUp() public override {
        super.setUp();
        terms.token = NATIVE;
    }

    function test_EveryVerb_CreditsTheHostileLegAndPaysTheOthers() public {
        for (uint256 mood; mood < MOODS; ++mood) {
            for (uint256 verb; verb < VERBS; ++verb) {
                for (uint256 leg; leg < 3; ++leg) {
                    check(MoodyParty.Mood(mood), Verb(verb), leg);
                }
            }
        }
    }

    function check(MoodyParty.Mood mood, Verb verb, uint256 leg) private {
        uint256 snapshot = vm.snapshotState();
        MoodyParty party = new MoodyParty();
        if (mood == MoodyParty.Mood.IS_THIRSTY) party.thirst(49_000);
        else party.be(mood);
        if (leg == 0) (payer, terms.payer) = (address(party), address(party));
        if (leg == 1) (payee, terms.payee) = (address(party), address(party));
        if (leg == 2) (feeRecipient, terms.feeRecipient) = (address(party), address(party));
        ready(verb);
        vm.assertLe(run(verb), 650_000, "gas that a receiver can burn");

        (uint256 toPayer, uint256 toPayee, uint256 toFee) = due(verb);
        checkLeg(payer, toPayer, party, mood);
        checkLeg(payee, toPayee, party, mood);
        checkLeg(feeRecipient, toFee, party, mood);
        uint256 credits = creditOf(payer) + creditOf(payee) + creditOf(feeRecipient);
        assertBalance(address(escrow), keptBy(verb) + credits);
        vm.revertToState(snapshot);
    }

    function checkLeg(address owner, uint256 amount, MoodyParty party, MoodyParty.Mood mood) private view {
        bool takes = owner != address(party) || mood == MoodyParty.Mood.ACCEPTS || mood == MoodyParty.Mood.ANSWERS_HUGE
            || mood == MoodyParty.Mood.IS_THIRSTY;
        assertBalance(owner, takes ? amount : 0);
        assertCredit(owner, takes ? 0 : amount);
    }

    function test_Refund_CreditsAPayerThatRefuses() public {
        MoodyParty party = new MoodyParty();
        (payer, terms.payer) = (address(party), address(party));
        authorized();
        capture(0);
        party.be(MoodyParty.Mood.REVERTS);
        refund(operator, 0, 0, AMOUNT);
        assertCredit(payer, AMOUNT);
        assertBalance(operator, 0);
        assertSolvent();
    }

    /// @dev Money that came without a verb changes nothing.
    function test_EveryVerb_PaysTheSameAfterADonation() public {
        for (uint256 verb; verb < VERBS; ++verb) {
            uint256 snapshot = vm.snapshotState();
            vm.deal(address(escrow), 77);
            ready(Verb(verb));
            run(Verb(verb));
            (uint256 toPayer, uint256 toPayee, uint256 toFee) = due(Verb(verb));
            assertBalance(payer, toPayer);
            assertBalance(payee, toPayee);
            assertBalance(feeRecipient, toFee);
            assertBalance(address(escrow), 77 + keptBy(Verb(verb)));
            vm.revertToState(snapshot);
        }
    }
}
