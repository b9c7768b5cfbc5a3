// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {FeeOnTransferToken} from "../../../contracts/testing/FeeOnTransferToken.sol";
import {DuplexCase} from "../support/DuplexCase.sol";
import {vm} from "../support/Vm.sol";

/// @notice A deposit is exactly the money that came, whatever the token is.
contract DepositFundingTest is DuplexCase {
    function test_Deposit_RevertsWhen_TheValueIsNotTheAmount() public {
        use(NATIVE);
        uint256[3] memory values = [uint256(0), DEPOSIT_A - 1, DEPOSIT_A + 1];
        for (uint256 i = 0; i < values.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, values[i], DEPOSIT_A));
            vm.prank(partyA);
            duplexes.deposit{value: values[i]}(channel, 0, DEPOSIT_A);
        }
    }

    function test_Deposit_RevertsWhen_NativeMoneyComesWithATokenDeposit() public {
        vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, 1, 0));
        vm.prank(partyA);
        duplexes.deposit{value: 1}(channel, 0, DEPOSIT_A);
    }

    function test_Deposit_RevertsWhen_TheTokenHasNoCodeOrIsAPrecompile() public {
        address[3] memory tokens = [address(0xDEAD), address(1), address(duplexes)];
        for (uint256 i = 0; i < tokens.length; ++i) {
            use(tokens[i]);
            vm.expectRevert(abi.encodeWithSelector(IFunding.TokenHasNoCode.selector, tokens[i]));
            deposit(partyA, 0, 1);
        }
    }

    function test_Deposit_RevertsWhen_ThePrecompileAnswersABalance() public {
        address[2] memory tokens = [address(2), address(4)];
        for (uint256 i = 0; i < tokens.length; ++i) {
            use(tokens[i]);
            vm.expectRevert(abi.encodeWithSignature("SafeERC20FailedOperation(address)", tokens[i]));
            deposit(partyA, 0, 1);
        }
    }

    function test_Deposit_RevertsWhen_TheTokenTakesAFee() public {
        FeeOnTransferToken fee = new FeeOnTransferToken();
        equip(address(fee));
        use(address(fee));
        uint256 received = DEPOSIT_A - DEPOSIT_A / 100;
        vm.expectRevert(abi.encodeWithSelector(IFunding.InexactTransfer.selector, address(fee), received, DEPOSIT_A));
        deposit(partyA, 0, DEPOSIT_A);
    }

    function test_Deposit_RevertsWhen_ThePartyCanNotPay() public {
        vm.prank(partyA);
        token.approve(address(duplexes), 4);
        vm.expectRevert(
            abi.encodeWithSignature("ERC20InsufficientAllowance(address,uint256,uint256)", address(duplexes), 4, 5)
        );
        deposit(partyA, 0, 5);
        assertDuplex(0, 0, 0);
    }

    /// @dev Neither a token that was sent nor native money that was forced in is anybody's deposit.
    function test_Deposit_CountsNoMoneyThatCameWithoutACall() public {
        open();
        token.mint(address(duplexes), 5);
        vm.deal(address(duplexes), 5);
        assertDuplex(DEPOSIT_A, DEPOSIT_B, 0);
        closeTogether(0);

        vm.assertEq(token.balanceOf(partyA), PURSE, "A");
        vm.assertEq(token.balanceOf(partyB), PURSE, "B");
        vm.assertEq(token.balanceOf(address(duplexes)), 5, "the gift stays");
    }
}
