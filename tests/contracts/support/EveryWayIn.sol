// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {Amending} from "./Amending.sol";
import {Permit2} from "./Permit2.sol";
import {vm} from "./Vm.sol";

/// @notice All the calls that bring AMOUNT of the payer's tokens in, told apart only by a number.
abstract contract EveryWayIn is Amending {
    enum WayIn {
        AUTHORIZE,
        AUTHORIZE_MANY,
        AUTHORIZE_ERC3009,
        BY_ALLOWANCE,
        BY_ERC3009,
        BY_PERMIT2,
        CHARGE_BY_ALLOWANCE,
        CHARGE_BY_ERC3009,
        CHARGE_BY_PERMIT2,
        AMEND_BY_ALLOWANCE,
        AMEND_BY_ERC3009,
        AMEND_BY_PERMIT2
    }

    uint256 internal constant WAYS = 12;
    uint96 private constant BEFORE = 5;
    uint96 private constant SECOND_ROW = 17;

    function setUp() public virtual override {
        super.setUp();
        (terms.token, terms.captureFrom) = (address(token), START);
    }

    function charges(WayIn way) internal pure returns (bool) {
        return way >= WayIn.CHARGE_BY_ALLOWANCE && way <= WayIn.CHARGE_BY_PERMIT2;
    }

    function amends(WayIn way) internal pure returns (bool) {
        return way >= WayIn.AMEND_BY_ALLOWANCE;
    }

    /// @dev What the call needs, with the money and its allowances in place. An amendment finds BEFORE held.
    function bring(WayIn way) internal returns (address caller, bytes memory data) {
        if (amends(way)) return (stranger, amendmentData(way));
        method = way < WayIn.BY_ALLOWANCE ? IFunding.Method.ALLOWANCE : IFunding.Method((uint256(way) - 3) % 3);
        supply();
        if (way == WayIn.AUTHORIZE) return (payer, abi.encodeCall(IEscrow.authorize, (terms)));
        if (way == WayIn.AUTHORIZE_MANY) return (payer, manyData());
        if (way == WayIn.AUTHORIZE_ERC3009) {
            method = IFunding.Method.ERC3009;
            return (stranger, abi.encodeCall(IEscrow.authorizeERC3009, (terms, bytes32(0), bytes32(0))));
        }
        bytes memory authorization = authorizationOf(method);
        if (charges(way)) return (operator, abi.encodeCall(IEscrow.charge, (terms, method, authorization)));
        return (stranger, abi.encodeCall(IEscrow.authorizeBySig, (terms, method, authorization)));
    }

    function supply() private {
        token.mint(payer, AMOUNT);
        vm.prank(payer);
        token.approve(address(escrow), AMOUNT);
        vm.prank(payer);
        token.approve(Permit2.PLACE, AMOUNT);
    }

    function manyData() private view returns (bytes memory) {
        Terms[] memory many = new Terms[](2);
        (many[0], many[1]) = (terms, terms);
        (many[0].amount, many[1].amount, many[1].salt) = (AMOUNT - SECOND_ROW, SECOND_ROW, terms.salt + 500);
        return abi.encodeCall(IEscrow.authorizeMany, (many));
    }

    function amendmentData(WayIn way) private returns (bytes memory) {
        method = IFunding.Method((uint256(way) - 3) % 3);
        terms.amount = BEFORE;
        authorized();
        terms.salt = 1;
        prepare(AMOUNT, 0);
        supply();
        return abi.encodeCall(IEscrow.amend, (terms, to, amendment, signatures(), method, money()));
    }
}
