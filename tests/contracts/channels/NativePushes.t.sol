// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MoodyParty} from "../mocks/MoodyParty.sol";
import {LaneVerbs} from "../support/LaneVerbs.sol";
import {vm} from "../support/Vm.sol";

/// @notice Every verb that pays native money, against every way in which a receiver can fail: a credit, and the other leg arrives.
contract NativePushesTest is LaneVerbs {
    uint256 private _before;

    function setUp() public override {
        super.setUp();
        use(NATIVE);
        bytes memory code = address(new MoodyParty()).code;
        vm.etch(payee, code);
        vm.etch(payer, code);
    }

    function be(address owner, MoodyParty.Mood mood) private {
        MoodyParty(payable(owner)).be(mood);
    }

    function runAfter(Verb verb, address owner, MoodyParty.Mood mood) private returns (uint256 gasUsed) {
        ready(verb);
        _before = payer.balance;
        be(owner, mood);
        return run(verb);
    }

    function test_NativePushes_ThatFailAreCreditsAndTheOtherLegArrives() public {
        MoodyParty.Mood[3] memory moods =
            [MoodyParty.Mood.REVERTS, MoodyParty.Mood.REVERTS_HUGE, MoodyParty.Mood.BURNS_GAS];
        for (uint256 i = 0; i < moods.length; ++i) {
            for (uint256 verb = 0; verb < VERBS; ++verb) {
                (uint256 toPayee, uint256 toPayer) = due(Verb(verb));
                uint256 state = vm.snapshotState();
                vm.assertLe(runAfter(Verb(verb), payee, moods[i]), 300_000, "gas that a receiver can burn");
                assertLegs(0, toPayer, toPayee, 0);
                vm.revertToState(state);
                vm.assertLe(runAfter(Verb(verb), payer, moods[i]), 300_000, "gas that a receiver can burn");
                assertLegs(toPayee, 0, 0, toPayer);
                vm.revertToState(state);
            }
        }
    }

    /// @dev The answer costs its maker's memory, some 9,500 gas a leg, and the contract nothing.
    function test_NativePushes_CopyNothingThatIsAnswered() public {
        for (uint256 verb = 0; verb < VERBS; ++verb) {
            (uint256 toPayee, uint256 toPayer) = due(Verb(verb));
            address owner = toPayee == 0 ? payer : payee;
            uint256 state = vm.snapshotState();
            uint256 plain = runAfter(Verb(verb), owner, MoodyParty.Mood.ACCEPTS);
            assertLegs(toPayee, toPayer, 0, 0);
            vm.revertToState(state);
            uint256 huge = runAfter(Verb(verb), owner, MoodyParty.Mood.ANSWERS_HUGE);
            assertLegs(toPayee, toPayer, 0, 0);
            vm.assertLe(huge, plain + 12_000, "no byte is copied");
            vm.revertToState(state);
        }
    }

    /// @dev In hand, and as credits.
    function assertLegs(uint256 payees, uint256 payers, uint256 payeesCredit, uint256 payersCredit) private view {
        vm.assertEq(payee.balance, payees, "payee");
        vm.assertEq(payer.balance - _before, payers, "payer");
        vm.assertEq(channels.credits(NATIVE, payee), payeesCredit, "payee's credit");
        vm.assertEq(channels.credits(NATIVE, payer), payersCredit, "payer's credit");
    }
}
