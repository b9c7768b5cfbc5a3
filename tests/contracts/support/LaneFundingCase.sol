// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {TestToken} from "../../../contracts/testing/TestToken.sol";
import {DepositAuthorization} from "../../../contracts/types/ChannelFunding.sol";
import {ChannelsCase} from "./ChannelsCase.sol";
import {IPermit2Domain, Permit2} from "./Permit2.sol";
import {vm} from "./Vm.sol";

/// @notice A lane whose payer signs for its deposits: nothing is allowed to the contract itself.
abstract contract LaneFundingCase is ChannelsCase {
    /// @dev What the authorization is for, as it is signed: each member can be another.
    struct Purpose {
        uint8 kind;
        bytes32 channelId;
        uint32 epoch;
        uint96 salt;
    }

    uint8 internal constant OPEN = 1;
    uint8 internal constant TOP_UP = 2;
    uint8 internal constant DEPOSIT_OF_TWO = 3;
    uint256 internal constant PAYER_KEY = 0xFA4E4;
    uint256 internal constant NONCE = 77;
    uint96 internal constant SALT = 5;
    uint48 internal constant BEFORE = uint48(NOW + 1 hours);
    IFunding.Method[2] internal methods = [IFunding.Method.ERC3009, IFunding.Method.PERMIT2];

    string private constant FUNDING = "Funding(uint8 kind,bytes32 channelId,uint32 epoch,uint96 salt)";
    string private constant TOKEN_PERMISSIONS = "TokenPermissions(address token,uint256 amount)";
    string private constant PERMIT =
        "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,Funding witness)";
    string private constant RECEIVE =
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";

    function setUp() public virtual override {
        payer = vm.addr(PAYER_KEY);
        super.setUp();
        Permit2.deploy();
        equip(payer);
    }

    function equip(address owner) internal {
        token.mint(owner, type(uint104).max);
        vm.prank(owner);
        token.approve(Permit2.PLACE, type(uint256).max);
        vm.prank(owner);
        token.approve(address(channels), 0);
    }

    function purposeOf(uint8 kind, uint32 epoch) internal view returns (Purpose memory) {
        return Purpose(kind, channelId, epoch, SALT);
    }

    /// @dev What a relayer brings: the payer's signature for exactly this.
    function authorizationOf(IFunding.Method method, Purpose memory purpose, uint256 amount)
        internal
        view
        returns (DepositAuthorization memory authorization)
    {
        (authorization.method, authorization.salt, authorization.before) = (method, purpose.salt, BEFORE);
        bytes32 digest = digestFor(method, purpose, amount);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PAYER_KEY, digest);
        if (method == IFunding.Method.PERMIT2) {
            authorization.signature = abi.encodePacked(NONCE + purpose.salt, r, s, v);
        } else if (channel.payer.code.length == 0) {
            authorization.signature = abi.encodePacked(r, s, v);
        } else {
            // whatever has not 65 bytes goes to the token's form for wallets
            authorization.signature = abi.encodePacked(r, compact(v, uint256(s)));
        }
    }

    function digestFor(IFunding.Method method, Purpose memory purpose, uint256 amount) internal view returns (bytes32) {
        bytes32 funding =
            keccak256(abi.encode(kindOf(FUNDING), purpose.kind, purpose.channelId, purpose.epoch, purpose.salt));
        bytes32 nonce = typedData(separatorOf(block.chainid, address(channels)), funding);
        if (method == IFunding.Method.ERC3009) {
            bytes32 receive_ =
                keccak256(abi.encode(kindOf(RECEIVE), channel.payer, address(channels), amount, 0, BEFORE, nonce));
            return typedData(TestToken(channel.token).DOMAIN_SEPARATOR(), receive_);
        }
        bytes32 permitted = keccak256(abi.encode(kindOf(TOKEN_PERMISSIONS), channel.token, amount));
        bytes32 permit = keccak256(
            abi.encode(
                kindOf(string.concat(PERMIT, FUNDING, TOKEN_PERMISSIONS)),
                permitted,
                address(channels),
                NONCE + purpose.salt,
                BEFORE,
                funding
            )
        );
        return typedData(IPermit2Domain(Permit2.PLACE).DOMAIN_SEPARATOR(), permit);
    }

    function kindOf(string memory type_) internal pure returns (bytes32) {
        return keccak256(bytes(type_));
    }

    function typedData(bytes32 separator, bytes32 structHash) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", separator, structHash));
    }

    function openBySig(uint96 amount, DepositAuthorization memory authorization) internal {
        vm.prank(stranger);
        channels.openBySig(channel, amount, authorization);
    }

    function topUpBySig(uint96 amount, DepositAuthorization memory authorization) internal {
        vm.prank(stranger);
        channels.topUpBySig(channel, amount, authorization);
    }

    function refusal(IFunding.Method method) internal pure returns (bytes memory) {
        return method == IFunding.Method.ERC3009
            ? abi.encodeWithSignature("ERC3009InvalidSignature()")
            : abi.encodeWithSignature("InvalidSigner()");
    }
}
