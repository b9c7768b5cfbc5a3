// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {Holding} from "../../../contracts/types/Holding.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {EscrowTest} from "../support/EscrowTest.sol";
import {vm} from "../support/Vm.sol";

contract AuthorizeManyTest is EscrowTest {
    uint256 private constant ROWS = 4;

    /// @dev Row i is for AMOUNT + i.
    function rows() private view returns (Terms[] memory many) {
        many = new Terms[](ROWS);
        for (uint256 i; i < ROWS; ++i) {
            many[i] = terms;
            many[i].salt = uint96(100 + i);
            many[i].amount = uint96(AMOUNT + i);
        }
    }

    function total() private pure returns (uint256) {
        return ROWS * uint256(AMOUNT) + ROWS * (ROWS - 1) / 2;
    }

    function refused(Terms[] memory many, bytes memory reason) private {
        uint256 value = equip(payer, 2 * total());
        vm.expectRevert(reason);
        vm.prank(payer);
        escrow.authorizeMany{value: value / 2}(many);
        for (uint256 i; i < many.length; ++i) {
            assertUnused(escrow.paymentIdOf(many[i]));
        }
        assertBalance(address(escrow), 0);
    }

    function funded() private returns (Terms[] memory many) {
        many = rows();
        uint256 value = equip(payer, total());
        vm.prank(payer);
        escrow.authorizeMany{value: value}(many);
        for (uint256 i; i < ROWS; ++i) {
            assertHolding(escrow.paymentIdOf(many[i]), AMOUNT + i, 0, 0);
        }
        assertBalance(payer, 0);
        assertBalance(address(escrow), total());
    }

    function test_AuthorizeMany_HoldsEachPayment() public {
        funded();
    }

    function test_AuthorizeMany_HoldsNativeCurrency() public {
        terms.token = NATIVE;
        funded();
    }

    function test_AuthorizeMany_SaysOfEachPaymentWhoAndTheWholeWord() public {
        Terms[] memory many = rows();
        equip(payer, total());
        for (uint256 i; i < ROWS; ++i) {
            bytes32 paymentId = escrow.paymentIdOf(many[i]);
            vm.expectEmit();
            emit IEscrow.Authorized(paymentId, payer, payee, address(token), Holding.wrap(1 << 255 | (AMOUNT + i)));
        }
        vm.prank(payer);
        escrow.authorizeMany(many);
    }

    function test_AuthorizeMany_RevertsWhen_ThereAreNone() public {
        refused(new Terms[](0), abi.encodeWithSelector(IEscrow.InvalidAmount.selector));
    }

    function test_AuthorizeMany_RevertsWhen_ARowIsAnotherPayers() public {
        Terms[] memory many = rows();
        many[ROWS - 1].payer = stranger;
        refused(many, abi.encodeWithSelector(IEscrow.NotPayer.selector, payer, stranger));
    }

    /// @dev One sum is taken in one token: a row in another would be paid with it.
    function test_AuthorizeMany_RevertsWhen_ARowIsInAnotherToken() public {
        Terms[] memory many = rows();
        many[1].token = address(new MoodyToken());
        refused(many, abi.encodeWithSelector(IEscrow.OtherToken.selector, many[1].token, token));
        many[1].token = NATIVE;
        refused(many, abi.encodeWithSelector(IEscrow.OtherToken.selector, NATIVE, token));
    }

    function test_AuthorizeMany_RevertsWhen_ARowComesTwice() public {
        Terms[] memory many = rows();
        many[ROWS - 1] = many[0];
        refused(many, abi.encodeWithSelector(IEscrow.AlreadyUsed.selector, escrow.paymentIdOf(many[0])));
    }

    function test_AuthorizeMany_RevertsWhen_ARowMayNotBeFunded() public {
        Terms[] memory many = rows();
        many[2].payeeShareOnExpiryBps = 10_001;
        refused(many, abi.encodeWithSelector(IEscrow.InvalidShare.selector, 10_001));
    }

    function test_AuthorizeMany_RevertsWhen_TheValueIsNotTheSum() public {
        terms.token = NATIVE;
        Terms[] memory many = rows();
        vm.deal(payer, 2 * total());
        uint256[3] memory values = [uint256(0), total() - 1, total() + 1];
        for (uint256 i; i < values.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, values[i], total()));
            vm.prank(payer);
            escrow.authorizeMany{value: values[i]}(many);
        }
    }

    function test_AuthorizeMany_RevertsWhen_ValueComesWithTokens() public {
        Terms[] memory many = rows();
        equip(payer, total());
        vm.deal(payer, 1);
        vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, 1, 0));
        vm.prank(payer);
        escrow.authorizeMany{value: 1}(many);
    }

    /// @dev A sum of 96-bit amounts must not wrap: the largest rows together come to more than one amount can.
    function test_AuthorizeMany_SumsTheLargestAmountsWithoutWrapping() public {
        Terms[] memory many = rows();
        for (uint256 i; i < ROWS; ++i) {
            many[i].amount = type(uint96).max;
        }
        equip(payer, ROWS * uint256(type(uint96).max));
        vm.prank(payer);
        escrow.authorizeMany(many);
        assertBalance(address(escrow), ROWS * uint256(type(uint96).max));
    }

    function test_AuthorizeMany_MovesNothingTwice() public {
        Terms[] memory many = funded();
        equip(payer, total());
        bytes32 first = escrow.paymentIdOf(many[0]);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.AlreadyUsed.selector, first));
        vm.prank(payer);
        escrow.authorizeMany(many);
        assertBalance(address(escrow), total());
    }
}
