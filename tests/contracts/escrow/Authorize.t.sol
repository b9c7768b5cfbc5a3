// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Escrow} from "../../../contracts/escrow/Escrow.sol";
import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {Holding} from "../../../contracts/types/Holding.sol";
import {Signing} from "../support/Signing.sol";
import {vm} from "../support/Vm.sol";

contract AuthorizeTest is Signing {
    uint256 private constant MEMBERS = 19;

    function test_Authorize_HoldsTheTokens() public {
        authorized();
        assertHolding(AMOUNT, 0);
        assertBalance(payer, 0);
        assertSolvent();
    }

    function test_Authorize_HoldsNativeCurrency() public {
        terms.token = NATIVE;
        authorized();
        assertHolding(AMOUNT, 0);
        assertSolvent();
    }

    function test_Authorize_EmitsWhoAndTheWholeWord() public {
        equip(payer, AMOUNT);
        bytes32 paymentId = id();
        vm.expectEmit();
        emit IEscrow.Authorized(paymentId, payer, payee, address(token), Holding.wrap(1 << 255 | uint256(AMOUNT)));
        vm.prank(payer);
        escrow.authorize(terms);
    }

    function test_Authorize_RevertsWhen_SomebodyElseThanThePayerCalls() public {
        equip(payer, AMOUNT);
        address[3] memory callers = [payee, operator, stranger];
        for (uint256 i; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IEscrow.NotPayer.selector, callers[i], payer));
            vm.prank(callers[i]);
            escrow.authorize(terms);
        }
    }

    function test_Authorize_RevertsWhen_TheIdWasEverUsed() public {
        bytes32 paymentId = authorized();
        vm.warp(START);
        equip(payer, AMOUNT);
        bytes memory used = abi.encodeWithSelector(IEscrow.AlreadyUsed.selector, paymentId);
        vm.expectRevert(used);
        vm.prank(payer);
        escrow.authorize(terms);

        vm.prank(payee);
        escrow.void(terms, 0);
        vm.expectRevert(used);
        vm.prank(payer);
        escrow.authorize(terms);
        assertHolding(0, 0);
    }

    function test_Authorize_RevertsWhen_TheValueIsNotTheAmount() public {
        terms.token = NATIVE;
        vm.deal(payer, 2 * uint256(AMOUNT));
        uint256[3] memory values = [uint256(0), AMOUNT - 1, AMOUNT + 1];
        for (uint256 i; i < values.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, values[i], AMOUNT));
            vm.prank(payer);
            escrow.authorize{value: values[i]}(terms);
        }
    }

    function test_Authorize_RevertsWhen_ValueComesWithTokens() public {
        equip(payer, AMOUNT);
        vm.deal(payer, 1);
        vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, 1, 0));
        vm.prank(payer);
        escrow.authorize{value: 1}(terms);
    }

    function test_Authorize_RevertsWhen_NothingIsAtTheToken() public {
        terms.token = address(0xDEAD);
        vm.expectRevert(abi.encodeWithSelector(IFunding.TokenHasNoCode.selector, terms.token));
        vm.prank(payer);
        escrow.authorize(terms);
    }

    /// @dev The precompiles answer like a token that never moves anything.
    function test_Authorize_RevertsWhen_TheTokenIsAPrecompile() public {
        for (uint160 i = 1; i <= 10; ++i) {
            terms.token = address(i);
            vm.prank(payer);
            (bool success,) = address(escrow).call(abi.encodeCall(IEscrow.authorize, (terms)));
            vm.assertTrue(!success, "a precompile was taken for a token");
        }
    }

    function test_PaymentId_IsTheTypedDataDigest() public view {
        vm.assertEq(id(), digestOf(termsHash(terms)), "digest");
    }

    function test_PaymentId_ChangesWithEachMember() public view {
        bytes32 before = id();
        for (uint256 i; i < MEMBERS; ++i) {
            bytes memory payload = abi.encodeCall(IEscrow.paymentIdOf, (terms));
            payload[4 + 32 * i + 31] ^= 0x01;
            (bool success, bytes memory answer) = address(escrow).staticcall(payload);
            vm.assertTrue(success && bytes32(answer) != before, "a member is not bound");
        }
    }

    function test_PaymentId_ChangesWithTheChainAndTheContract() public {
        vm.chainId(1);
        bytes32 before = id();
        vm.chainId(2);
        vm.assertTrue(id() != before, "chain");
        vm.chainId(1);
        vm.assertEq(id(), before, "back on the chain");
        escrow = Escrow(vm.deployCode("chain/artifacts/Escrow.json"));
        vm.assertTrue(id() != before, "contract");
    }

    /// @dev Such an id lies outside the typed data, and a verb that reads the member later could never be called again. The
    /// lowest bit above each member's type, and the highest.
    function test_Authorize_RevertsWhen_AnyMemberHasDirtyHighBits() public {
        uint16[MEMBERS] memory bits =
            [160, 160, 160, 96, 160, 160, 160, 256, 48, 48, 48, 48, 32, 16, 16, 16, 8, uint16(160), 96];
        (terms.feeBps, terms.feeRecipient) = (0, address(0));
        equip(payer, 100 * uint256(AMOUNT));
        for (uint256 i; i < MEMBERS; ++i) {
            if (bits[i] == 256) continue;
            assertDirty(4 + 32 * i, 0x80);
            assertDirty(4 + 32 * i + 31 - bits[i] / 8, 0x01);
        }
        vm.prank(payer);
        escrow.authorize(terms);
    }

    /// @dev Where the member is read before the terms are checked, the compiler's own check refuses it, without a reason.
    function assertDirty(uint256 at_, bytes1 bit) private {
        bytes memory payload = abi.encodeCall(IEscrow.authorize, (terms));
        payload[at_] |= bit;
        vm.prank(payer);
        (bool success, bytes memory answer) = address(escrow).call(payload);
        bool named = answer.length == 4 && bytes4(answer) == IEscrow.MalformedTerms.selector;
        vm.assertTrue(!success && (named || answer.length == 0), "a dirty member");
    }
}
