// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {EscrowTest} from "../support/EscrowTest.sol";
import {vm} from "../support/Vm.sol";

contract CancelTest is EscrowTest {
    function cancel(address caller) private {
        vm.prank(caller);
        escrow.cancel(terms);
    }

    function test_Cancel_MakesTheIdUnusableForEver() public {
        bytes32 paymentId = id();
        vm.expectEmit();
        emit IEscrow.Cancelled(paymentId);
        cancel(payer);
        assertHolding(0, 0);

        equip(payer, AMOUNT);
        bytes memory used = abi.encodeWithSelector(IEscrow.AlreadyUsed.selector, paymentId);
        vm.expectRevert(used);
        vm.prank(payer);
        escrow.authorize(terms);
        vm.expectRevert(used);
        cancel(payer);
    }

    function test_Cancel_RevertsWhen_SomebodyElseThanThePayerCalls() public {
        address[3] memory callers = [payee, operator, stranger];
        for (uint256 i; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IEscrow.NotPayer.selector, callers[i], payer));
            cancel(callers[i]);
        }
    }

    function test_Cancel_RevertsWhen_ItIsFundedOrEnded() public {
        bytes32 paymentId = authorized();
        bytes memory used = abi.encodeWithSelector(IEscrow.AlreadyUsed.selector, paymentId);
        vm.expectRevert(used);
        cancel(payer);
        assertHolding(AMOUNT, 0);
        capture(0);
        vm.expectRevert(used);
        cancel(payer);
        assertHolding(0, AMOUNT);
    }

    function test_Cancel_LeavesOtherPaymentsAlone() public {
        authorized();
        terms.salt = 2;
        cancel(payer);
        terms.salt = 1;
        assertHolding(AMOUNT, 0);
    }
}
