// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPayouts} from "../../../contracts/interfaces/IPayouts.sol";
import {ThirstyReceiver, ThirstyToken} from "../mocks/Thirsty.sol";
import {LaneVerbs} from "../support/LaneVerbs.sol";
import {vm} from "../support/Vm.sol";

/// @notice Whoever calls, with whatever gas: a push that would arrive is never starved into a credit.
contract StarvingTest is LaneVerbs {
    uint256 private constant STEP = 977;

    function test_Starving_OfATokenEveryVerbPaysOrRevertsAtAnyGas() public {
        useThirsty();
        for (uint256 verb = 0; verb < VERBS; ++verb) {
            sweep(Verb(verb), 800_000);
        }
    }

    function test_Starving_OfNativeMoneyEveryVerbPaysOrRevertsAtAnyGas() public {
        bytes memory code = address(new ThirstyReceiver(49_000)).code;
        vm.etch(payer, code);
        vm.etch(payee, code);
        use(NATIVE);
        for (uint256 verb = 0; verb < VERBS; ++verb) {
            sweep(Verb(verb), 450_000);
        }
    }

    function test_Starving_EveryVerbRevertsByNameWhen_ThePushCouldBeStarved() public {
        useThirsty();
        for (uint256 verb = 0; verb < VERBS; ++verb) {
            uint256 state = vm.snapshotState();
            ready(Verb(verb));
            (address caller, bytes memory data) = callOf(Verb(verb));
            vm.prank(caller);
            (bool success, bytes memory answer) = address(channels).call{gas: 290_000}(data);
            vm.assertTrue(!success && bytes4(answer) == IPayouts.NotEnoughGas.selector, "by name");
            vm.revertToState(state);
        }
    }

    function useThirsty() private {
        ThirstyToken thirsty = new ThirstyToken();
        thirsty.mint(payer, DEPOSIT);
        vm.prank(payer);
        thirsty.approve(address(channels), DEPOSIT);
        use(address(thirsty));
    }

    /// @dev The last, richest call must be served, else the sweep proves nothing.
    function sweep(Verb verb, uint256 most) private {
        uint256 start = vm.snapshotState();
        ready(verb);
        (address caller, bytes memory data) = callOf(verb);
        uint256 state = vm.snapshotState();
        uint256 before = balanceOf(address(channels));
        bool served = false;
        for (uint256 gas_ = 5000; gas_ <= most; gas_ += STEP) {
            vm.prank(caller);
            (served,) = address(channels).call{gas: gas_}(data);
            uint256 credits = channels.credits(channel.token, payee) + channels.credits(channel.token, payer);
            vm.assertEq(credits, 0, "starved into a credit");
            if (!served) continue;
            served = balanceOf(address(channels)) < before;
            vm.assertTrue(served || verb == Verb.CLAIM_MANY, "only a batch may pass over what its gas can't pay for");
            vm.revertToState(state);
        }
        vm.assertTrue(served, "served at last");
        vm.revertToState(start);
    }
}
