// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {TestToken} from "../../../contracts/testing/TestToken.sol";
import {DepositAuthorization} from "../../../contracts/types/ChannelFunding.sol";
import {DuplexCase} from "./DuplexCase.sol";
import {IPermit2Domain, Permit2} from "./Permit2.sol";
import {vm} from "./Vm.sol";

/// @notice Parties with keys of their own, and their authorizations of a deposit by ERC-3009 and by Permit2.
abstract contract DuplexFundingCase is DuplexCase {
    string internal constant FUNDING = "Funding(uint8 kind,bytes32 channelId,uint32 epoch,uint96 salt)";
    uint256 internal constant PARTY_KEY_A = 0xAA;
    uint256 internal constant PARTY_KEY_B = 0xBB;
    uint256 internal constant NONCE = 77;
    uint96 internal constant SALT = 5;
    uint48 internal constant BEFORE = uint48(NOW + 1 hours);
    bytes32 private constant RECEIVE = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    string private constant TOKEN_PERMISSIONS = "TokenPermissions(address token,uint256 amount)";
    string private constant PERMIT =
        "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,Funding witness)";

    function setUp() public virtual override {
        (partyA, partyB) = (vm.addr(PARTY_KEY_A), vm.addr(PARTY_KEY_B));
        Permit2.deploy();
        super.setUp();
        allowOnlyPermit2(partyA);
        allowOnlyPermit2(partyB);
    }

    function allowOnlyPermit2(address party) internal {
        vm.prank(party);
        token.approve(address(duplexes), 0);
        vm.prank(party);
        token.approve(Permit2.PLACE, type(uint256).max);
    }

    function methods() internal pure returns (IFunding.Method[2] memory) {
        return [IFunding.Method.ERC3009, IFunding.Method.PERMIT2];
    }

    /// @dev What the tokens say to a signature that is for something else.
    function refusalOf(IFunding.Method method) internal pure returns (bytes memory) {
        string memory name = method == IFunding.Method.ERC3009 ? "ERC3009InvalidSignature()" : "InvalidSigner()";
        return abi.encodeWithSignature(name);
    }

    /// @return the members of Funding for a deposit into this channel's epoch
    function fundingWords(uint256 epoch) internal view returns (bytes memory) {
        return abi.encode(3, channelId, epoch, SALT);
    }

    function consentDigest(IFunding.Method method, address from, uint256 amount, bytes memory words, uint256 before)
        internal
        view
        returns (bytes32)
    {
        if (method == IFunding.Method.PERMIT2) return permitDigest(amount, structHash(FUNDING, words), before);
        bytes32 nonce = digestOf(FUNDING, words);
        bytes32 hash = keccak256(abi.encode(RECEIVE, from, address(duplexes), amount, 0, before, nonce));
        return typedData(TestToken(channel.token).DOMAIN_SEPARATOR(), hash);
    }

    function permitDigest(uint256 amount, bytes32 witness, uint256 before) private view returns (bytes32) {
        bytes32 permitted = keccak256(abi.encode(keccak256(bytes(TOKEN_PERMISSIONS)), channel.token, amount));
        bytes32 hash = structHash(
            string.concat(PERMIT, FUNDING, TOKEN_PERMISSIONS),
            abi.encode(permitted, address(duplexes), NONCE, before, witness)
        );
        return typedData(IPermit2Domain(Permit2.PLACE).DOMAIN_SEPARATOR(), hash);
    }

    /// @dev The salt and the time are those of the constants, whatever was signed.
    function authorizationOf(IFunding.Method method, uint256 key, bytes32 digest)
        internal
        pure
        returns (DepositAuthorization memory)
    {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        bytes memory signature = abi.encodePacked(r, s, v);
        if (method == IFunding.Method.PERMIT2) signature = bytes.concat(bytes32(NONCE), signature);
        return DepositAuthorization(method, SALT, BEFORE, signature);
    }

    /// @dev The party's consent to just this deposit.
    function consentOf(IFunding.Method method, bool byA, uint256 epoch, uint96 amount)
        internal
        view
        returns (DepositAuthorization memory)
    {
        (uint256 key, address from) = byA ? (PARTY_KEY_A, partyA) : (PARTY_KEY_B, partyB);
        bytes32 digest = consentDigest(method, from, amount, fundingWords(epoch), BEFORE);
        return authorizationOf(method, key, digest);
    }

    function bring(uint256 epoch, bool byA, uint96 amount, DepositAuthorization memory authorization) internal {
        vm.prank(stranger);
        duplexes.depositBySig(channel, epoch, byA, amount, authorization);
    }

    /// @dev With a consent to just this.
    function depositBySig(IFunding.Method method, bool byA, uint256 epoch, uint96 amount) internal {
        bring(epoch, byA, amount, consentOf(method, byA, epoch, amount));
    }

    function refuses(bytes memory reason, uint256 epoch, bool byA, uint96 amount, DepositAuthorization memory given)
        internal
    {
        vm.expectRevert(reason);
        bring(epoch, byA, amount, given);
    }
}
