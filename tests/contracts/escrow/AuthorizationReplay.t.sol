// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Escrow} from "../../../contracts/escrow/Escrow.sol";
import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {OwnedWallet} from "../mocks/OwnedWallet.sol";
import {Paying} from "../support/Paying.sol";
import {Permit2} from "../support/Permit2.sol";
import {vm} from "../support/Vm.sol";

/// @notice A payer's authorization counts for one payment: for no other terms, wallet, chain or contract.
contract AuthorizationReplayTest is Paying {
    uint256 private constant MEMBERS = 19;
    uint256 private constant TOKEN = 2;

    function setUp() public override {
        super.setUp();
        terms.token = address(usdc);
        terms.condition = address(0xC0D1);
        terms.captureFrom = START + 3 hours;
        arbitrated(7);
    }

    function refusal(IFunding.Method method) private pure returns (bytes4) {
        if (method == IFunding.Method.ALLOWANCE) return IEscrow.NotSignedBy.selector;
        if (method == IFunding.Method.ERC3009) return bytes4(keccak256("ERC3009InvalidSignature()"));
        return bytes4(keccak256("InvalidSigner()"));
    }

    function assertRefused(bytes memory payload, bytes4 reason) private {
        vm.prank(stranger);
        (bool success, bytes memory answer) = address(escrow).call(payload);
        vm.assertTrue(!success, "an authorization counted for something else");
        vm.assertEq(bytes4(answer), reason, "reason");
    }

    /// @dev The lowest bit of each member: all of these are terms that could be funded.
    function test_AuthorizeBySig_RevertsWhen_AnyMemberIsNotTheSignedOne() public {
        for (uint256 m; m < METHODS; ++m) {
            IFunding.Method method = IFunding.Method(m);
            equip(method, payer, 10 * uint256(AMOUNT));
            bytes memory authorization = authorizationOf(method);
            for (uint256 i; i < MEMBERS; ++i) {
                bytes memory flipped = abi.encode(terms);
                flipped[32 * i + 31] ^= 0x01;
                Terms memory others = abi.decode(flipped, (Terms));
                bytes memory payload = abi.encodeCall(IEscrow.authorizeBySig, (others, method, authorization));
                bool noToken = i == TOKEN && method != IFunding.Method.ALLOWANCE;
                assertRefused(payload, noToken ? IFunding.TokenHasNoCode.selector : refusal(method));
            }
        }
        vm.assertEq(usdc.balanceOf(payer), METHODS * 10 * uint256(AMOUNT), "untouched");
    }

    function test_AuthorizeERC3009_RevertsWhen_AnyMemberIsNotTheSignedOne() public {
        equip(IFunding.Method.ERC3009, payer, 10 * uint256(AMOUNT));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PAYER_KEY, erc3009Digest(payer, AMOUNT, id(), terms.fundBy));
        bytes32 vs = s | bytes32(uint256(v - 27) << 255);
        for (uint256 i; i < MEMBERS; ++i) {
            bytes memory flipped = abi.encode(terms);
            flipped[32 * i + 31] ^= 0x01;
            bytes memory payload = abi.encodeCall(IEscrow.authorizeERC3009, (abi.decode(flipped, (Terms)), r, vs));
            assertRefused(payload, i == TOKEN ? IFunding.TokenHasNoCode.selector : refusal(IFunding.Method.ERC3009));
        }
        escrow.authorizeERC3009(terms, r, vs);
        assertHolding(AMOUNT, 0);
    }

    function test_AuthorizeBySig_RevertsWhen_TheChainOrTheContractIsAnother() public {
        Escrow first = escrow;
        for (uint256 m; m < METHODS; ++m) {
            IFunding.Method method = IFunding.Method(m);
            equip(method, payer, AMOUNT);
            bytes memory authorization = authorizationOf(method);
            bytes memory payload = abi.encodeCall(IEscrow.authorizeBySig, (terms, method, authorization));
            vm.chainId(block.chainid + 1);
            assertRefused(payload, refusal(method));
            vm.chainId(block.chainid - 1);
            escrow = Escrow(vm.deployCode("chain/artifacts/Escrow.json"));
            equip(method, payer, AMOUNT);
            assertRefused(payload, refusal(method));
            escrow = first;
        }
    }

    /// @dev One owner of two simple wallets: what it signed for one is nothing for the other, because the payer is signed.
    function test_AuthorizeBySig_CountsForOneWalletOfAnOwnerOnly() public {
        OwnedWallet one = new OwnedWallet(vm.addr(PAYER_KEY));
        OwnedWallet other = new OwnedWallet(vm.addr(PAYER_KEY));
        (payer, terms.payer) = (address(one), address(one));
        equip(IFunding.Method.ALLOWANCE, address(one), AMOUNT);
        equip(IFunding.Method.ALLOWANCE, address(other), AMOUNT);
        bytes memory signature = sign(PAYER_KEY, digestOf(authorizeHash()));

        terms.payer = address(other);
        bytes memory payload = abi.encodeCall(IEscrow.authorizeBySig, (terms, IFunding.Method.ALLOWANCE, signature));
        assertRefused(payload, IEscrow.NotSignedBy.selector);
        terms.payer = address(one);
        escrow.authorizeBySig(terms, IFunding.Method.ALLOWANCE, signature);
        assertHolding(AMOUNT, 0);
    }

    function test_AuthorizeBySig_TakesAWalletsSignatureByEachMethod() public {
        OwnedWallet wallet = new OwnedWallet(vm.addr(PAYER_KEY));
        (payer, terms.payer) = (address(wallet), address(wallet));
        for (uint256 m; m < METHODS; ++m) {
            terms.salt = uint96(m);
            equip(IFunding.Method(m), payer, AMOUNT);
            bytes32 digest = m == 0
                ? digestOf(authorizeHash())
                : m == 1
                    ? erc3009Digest(payer, AMOUNT, id(), terms.fundBy)
                    : Permit2.digest(address(usdc), AMOUNT, address(escrow), NONCE, terms.fundBy, id());
            escrow.authorizeBySig(terms, IFunding.Method(m), walletForm(m, digest));
            assertHolding(AMOUNT, 0);
        }
    }

    /// @dev The token's form for wallets is taken wherever the signature has not 65 bytes: here EIP-2098's 64.
    function walletForm(uint256 method, bytes32 digest) private pure returns (bytes memory) {
        if (method == 2) return bytes.concat(bytes32(NONCE), sign(PAYER_KEY, digest));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PAYER_KEY, digest);
        return abi.encodePacked(r, s | bytes32(uint256(v - 27) << 255));
    }

    /// @dev The signature names the escrow as receiver or spender, so nobody else can bring it to the token or to Permit2.
    function test_AuthorizeBySig_CannotBeDivertedAroundTheEscrow() public {
        equip(IFunding.Method.ERC3009, payer, AMOUNT);
        bytes memory signature = authorizationOf(IFunding.Method.ERC3009);
        bytes32 nonce = id();
        vm.expectRevert(abi.encodeWithSignature("ERC20InvalidReceiver(address)", address(escrow)));
        vm.prank(stranger);
        usdc.receiveWithAuthorization(payer, address(escrow), AMOUNT, 0, terms.fundBy, nonce, signature);
        vm.expectRevert(abi.encodeWithSignature("ERC3009InvalidSignature()"));
        vm.prank(stranger);
        usdc.receiveWithAuthorization(payer, stranger, AMOUNT, 0, terms.fundBy, nonce, signature);
    }

    /// @dev Whoever comes first with the same salt only makes an id of its own.
    function test_AuthorizeBySig_NobodyCanOccupyAnothersId() public {
        bytes32 victims = id();
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotPayer.selector, stranger, payer));
        vm.prank(stranger);
        escrow.authorize(terms);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotPayer.selector, stranger, payer));
        vm.prank(stranger);
        escrow.cancel(terms);

        (terms.payer, payer) = (stranger, stranger);
        vm.prank(stranger);
        escrow.cancel(terms);
        vm.assertTrue(id() != victims, "another id");
        assertUnused(victims);
    }
}
