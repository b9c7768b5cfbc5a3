// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {Holding} from "../../../contracts/types/Holding.sol";
import {Paying} from "../support/Paying.sol";
import {vm} from "../support/Vm.sol";

/// @notice Anyone brings the payer's consent: by allowance, ERC-3009 or Permit2.
contract AuthorizeBySigTest is Paying {
    function setUp() public override {
        super.setUp();
        terms.token = address(usdc);
    }

    function bring(IFunding.Method method, bytes memory authorization) private returns (bytes32) {
        vm.prank(stranger);
        return escrow.authorizeBySig(terms, method, authorization);
    }

    function bring(IFunding.Method method) private returns (bytes32) {
        equip(method, payer, AMOUNT);
        return bring(method, authorizationOf(method));
    }

    function refused(IFunding.Method method, bytes memory reason) private {
        equip(method, payer, AMOUNT);
        bytes memory authorization = authorizationOf(method);
        vm.expectRevert(reason);
        bring(method, authorization);
    }

    function test_AuthorizeBySig_HoldsTheMoneyByEachMethod() public {
        for (uint256 method; method < METHODS; ++method) {
            terms.salt = uint96(method);
            bytes32 paymentId = id();
            equip(IFunding.Method(method), payer, AMOUNT);
            bytes memory authorization = authorizationOf(IFunding.Method(method));
            vm.expectEmit();
            emit IEscrow.Authorized(paymentId, payer, payee, address(usdc), Holding.wrap(1 << 255 | uint256(AMOUNT)));
            vm.assertEq(bring(IFunding.Method(method), authorization), paymentId, "id");
            assertHolding(AMOUNT, 0);
            assertBalance(payer, 0);
            assertBalance(address(escrow), AMOUNT * (method + 1));
        }
    }

    function compact() private view returns (bytes32 r, bytes32 vs) {
        (uint8 v, bytes32 r_, bytes32 s) = vm.sign(PAYER_KEY, erc3009Digest(payer, AMOUNT, id(), terms.fundBy));
        return (r_, s | bytes32(uint256(v - 27) << 255));
    }

    /// @dev Of both parities of y.
    function test_AuthorizeERC3009_HoldsTheMoneyOnce() public {
        for (uint96 salt; salt < 8; ++salt) {
            terms.salt = salt;
            equip(IFunding.Method.ERC3009, payer, AMOUNT);
            (bytes32 r, bytes32 vs) = compact();
            vm.prank(stranger);
            escrow.authorizeERC3009(terms, r, vs);
            assertHolding(AMOUNT, 0);
            bytes memory used = abi.encodeWithSelector(IEscrow.AlreadyUsed.selector, id());
            vm.expectRevert(used);
            escrow.authorizeERC3009(terms, r, vs);
        }
        assertBalance(payer, 0);
        assertBalance(address(escrow), 8 * uint256(AMOUNT));
    }

    function test_AuthorizeERC3009_AsksForTheSameTermsAsAuthorize() public {
        equip(IFunding.Method.ERC3009, payer, AMOUNT);
        (bytes32 r, bytes32 vs) = compact();
        vm.warp(terms.fundBy);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.FundingTooLate.selector, terms.fundBy, terms.fundBy));
        escrow.authorizeERC3009(terms, r, vs);
        vm.warp(terms.fundBy - 1);
        escrow.authorizeERC3009(terms, r, vs);
        terms.token = NATIVE;
        vm.expectRevert(abi.encodeWithSelector(IFunding.TokenHasNoCode.selector, NATIVE));
        escrow.authorizeERC3009(terms, r, vs);
    }

    function test_AuthorizeBySig_TakesNativeCurrencyFromWhoeverBringsIt() public {
        terms.token = NATIVE;
        bytes memory authorization = authorizationOf(IFunding.Method.ALLOWANCE);
        vm.deal(stranger, AMOUNT);
        vm.prank(stranger);
        escrow.authorizeBySig{value: AMOUNT}(terms, IFunding.Method.ALLOWANCE, authorization);
        assertHolding(AMOUNT, 0);
        assertBalance(address(escrow), AMOUNT);
    }

    function test_AuthorizeBySig_RevertsWhen_TheValueIsNotTheAmount() public {
        terms.token = NATIVE;
        bytes memory authorization = authorizationOf(IFunding.Method.ALLOWANCE);
        vm.deal(stranger, 3 * uint256(AMOUNT));
        uint256[3] memory values = [uint256(0), AMOUNT - 1, AMOUNT + 1];
        for (uint256 i; i < values.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, values[i], AMOUNT));
            vm.prank(stranger);
            escrow.authorizeBySig{value: values[i]}(terms, IFunding.Method.ALLOWANCE, authorization);
        }
    }

    function test_AuthorizeBySig_RevertsWhen_ValueComesWithTokens() public {
        for (uint256 method; method < METHODS; ++method) {
            equip(IFunding.Method(method), payer, AMOUNT);
            bytes memory authorization = authorizationOf(IFunding.Method(method));
            vm.deal(stranger, 1);
            vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, 1, 0));
            vm.prank(stranger);
            escrow.authorizeBySig{value: 1}(terms, IFunding.Method(method), authorization);
        }
    }

    function test_AuthorizeBySig_RevertsWhen_NoTokenIsThereToAuthorize() public {
        address[2] memory tokens = [NATIVE, address(0xDEAD)];
        for (uint256 i; i < tokens.length; ++i) {
            for (uint256 method = 1; method < METHODS; ++method) {
                terms.token = tokens[i];
                vm.expectRevert(abi.encodeWithSelector(IFunding.TokenHasNoCode.selector, tokens[i]));
                bring(IFunding.Method(method), new bytes(97));
            }
        }
    }

    function test_AuthorizeBySig_MovesNothingTwice() public {
        for (uint256 method; method < METHODS; ++method) {
            terms.salt = uint96(method);
            bytes32 paymentId = bring(IFunding.Method(method));
            for (uint256 again; again < METHODS; ++again) {
                refused(IFunding.Method(again), abi.encodeWithSelector(IEscrow.AlreadyUsed.selector, paymentId));
            }
        }
        assertBalance(address(escrow), METHODS * uint256(AMOUNT));
    }

    function test_AuthorizeBySig_RevertsWhen_ThePayerCancelled() public {
        vm.prank(payer);
        escrow.cancel(terms);
        for (uint256 method; method < METHODS; ++method) {
            refused(IFunding.Method(method), abi.encodeWithSelector(IEscrow.AlreadyUsed.selector, id()));
        }
    }

    function test_AuthorizeBySig_EndsWithTheSecondBeforeFundBy() public {
        for (uint256 method; method < METHODS; ++method) {
            terms.salt = uint96(method);
            vm.warp(terms.fundBy);
            refused(
                IFunding.Method(method),
                abi.encodeWithSelector(IEscrow.FundingTooLate.selector, terms.fundBy, terms.fundBy)
            );
            vm.warp(terms.fundBy - 1);
            bring(IFunding.Method(method));
        }
    }

    function test_AuthorizeBySig_AsksForTheSameTermsAsAuthorize() public {
        terms.feeBps = 10_001;
        for (uint256 method; method < METHODS; ++method) {
            refused(IFunding.Method(method), abi.encodeWithSelector(IEscrow.InvalidFee.selector, 10_001, feeRecipient));
        }
    }

    function test_AuthorizeBySig_ByThePayerItselfNeedsNoSignature() public {
        equip(IFunding.Method.ALLOWANCE, payer, AMOUNT);
        vm.prank(payer);
        escrow.authorizeBySig(terms, IFunding.Method.ALLOWANCE, "");
        assertHolding(AMOUNT, 0);
    }

    /// @dev Else whoever approved the escrow once could be made to pay for anything.
    function test_AuthorizeBySig_RevertsWhen_AnAllowanceComesWithoutThePayersSignature() public {
        equip(IFunding.Method.ALLOWANCE, payer, AMOUNT);
        bytes32 digest = digestOf(authorizeHash());
        bytes[4] memory signatures = [bytes(""), sign(PAYEE_KEY, digest), sign(PAYER_KEY, id()), new bytes(65)];
        for (uint256 i; i < signatures.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IEscrow.NotSignedBy.selector, payer, digest));
            bring(IFunding.Method.ALLOWANCE, signatures[i]);
        }
        assertUnused(id());
    }

    function test_AuthorizeBySig_OfAPermit2NonceThatIsSpentReverts() public {
        bring(IFunding.Method.PERMIT2);
        terms.salt = 2;
        refused(IFunding.Method.PERMIT2, abi.encodeWithSignature("InvalidNonce()"));
    }

    function test_AuthorizeBySig_RevertsWhen_ThereIsNoPermit2OrNoNonce() public {
        equip(IFunding.Method.PERMIT2, payer, AMOUNT);
        vm.expectRevert("");
        bring(IFunding.Method.PERMIT2, new bytes(31));
        bytes memory authorization = authorizationOf(IFunding.Method.PERMIT2);
        vm.etch(0x000000000022D473030F116dDEE9F6B43aC78BA3, "");
        vm.expectRevert("");
        bring(IFunding.Method.PERMIT2, authorization);
    }

    /// @dev The escrow never calls `permit`, so a permit that somebody spent first stops nothing.
    function test_AuthorizeBySig_SucceedsAfterSomebodySpentThePermit() public {
        usdc.mint(payer, AMOUNT);
        bytes32 kind = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 structHash = keccak256(abi.encode(kind, payer, address(escrow), AMOUNT, 0, START + 1));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PAYER_KEY, typedData(usdc.DOMAIN_SEPARATOR(), structHash));
        vm.prank(stranger);
        usdc.permit(payer, address(escrow), AMOUNT, START + 1, v, r, s);
        bytes memory authorization = authorizationOf(IFunding.Method.ALLOWANCE);
        bring(IFunding.Method.ALLOWANCE, authorization);
        assertHolding(AMOUNT, 0);
    }
}
