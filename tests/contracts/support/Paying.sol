// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {TestToken} from "../../../contracts/testing/TestToken.sol";
import {Permit2} from "./Permit2.sol";
import {Signing} from "./Signing.sol";
import {vm} from "./Vm.sol";

/// @notice The payer's money, and its consent by each of the ways: none of them says yes to anything else.
abstract contract Paying is Signing {
    uint256 internal constant METHODS = 3;
    uint256 internal constant NONCE = 77;
    bytes32 private constant RECEIVE = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    TestToken internal usdc;

    function setUp() public virtual override {
        super.setUp();
        Permit2.deploy();
        usdc = new TestToken();
    }

    /// @dev The payer gets the money, and allows only whom this method needs.
    function equip(IFunding.Method method, address from, uint256 amount) internal {
        TestToken(terms.token).mint(from, amount);
        vm.prank(from);
        TestToken(terms.token).approve(address(escrow), method == IFunding.Method.ALLOWANCE ? amount : 0);
        vm.prank(from);
        TestToken(terms.token).approve(Permit2.PLACE, method == IFunding.Method.PERMIT2 ? amount : 0);
    }

    /// @return what authorizeBySig and charge want of the payer for these terms
    function authorizationOf(IFunding.Method method) internal view returns (bytes memory) {
        if (method == IFunding.Method.ALLOWANCE) return signedBy(terms.payer, digestOf(authorizeHash()));
        return authorizationOf(method, terms.payer, terms.amount, id(), terms.fundBy);
    }

    /// @param id_ what the money is for
    function authorizationOf(IFunding.Method method, address from, uint256 amount, bytes32 id_, uint256 before)
        internal
        view
        returns (bytes memory)
    {
        if (method == IFunding.Method.ALLOWANCE) return "";
        if (method == IFunding.Method.ERC3009) return signedBy(from, erc3009Digest(from, amount, id_, before));
        bytes32 digest = Permit2.digest(terms.token, amount, address(escrow), NONCE, before, id_);
        return bytes.concat(bytes32(NONCE), signedBy(from, digest));
    }

    function erc3009Digest(address from, uint256 amount, bytes32 nonce, uint256 before)
        internal
        view
        returns (bytes32)
    {
        bytes32 structHash = keccak256(abi.encode(RECEIVE, from, address(escrow), amount, 0, before, nonce));
        return typedData(TestToken(terms.token).DOMAIN_SEPARATOR(), structHash);
    }
}
