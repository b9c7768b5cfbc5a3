// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "./Vm.sol";

interface IPermit2Domain {
    function DOMAIN_SEPARATOR() external view returns (bytes32);
}

/// @notice Uniswap's own Permit2, put on the chain as it was everywhere: its address is the proof of its code (CREATE2).
library Permit2 {
    address internal constant PLACE = 0x000000000022D473030F116dDEE9F6B43aC78BA3;
    address private constant PROXY = 0x4e59b44847b379578588920cA78FbF26c0B4956C;
    bytes32 private constant SALT = 0x0000000000000000000000000000000000000000d3af2663da51c10215000000;
    string private constant CREATION_CODE =
        "node_modules/hardhat-predeploy/bin/0x000000000022D473030F116dDEE9F6B43aC78BA3.bytecode";
    string private constant TOKEN_PERMISSIONS = "TokenPermissions(address token,uint256 amount)";
    string private constant PERMIT =
        "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,EscrowFunding witness)EscrowFunding(bytes32 id)TokenPermissions(address token,uint256 amount)";

    /// @dev The proxy's code, as on every chain that has it.
    function deploy() internal {
        vm.etch(
            PROXY,
            hex"7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3"
        );
        (bool success, bytes memory place) = PROXY.call(bytes.concat(SALT, vm.readFileBinary(CREATION_CODE)));
        vm.assertTrue(success && address(bytes20(place)) == PLACE, "Permit2 stands where it belongs");
    }

    /// @param id what the money is for
    function digest(address token, uint256 amount, address spender, uint256 nonce, uint256 deadline, bytes32 id)
        internal
        view
        returns (bytes32)
    {
        bytes32 permitted = keccak256(abi.encode(keccak256(bytes(TOKEN_PERMISSIONS)), token, amount));
        bytes32 witness = keccak256(abi.encode(keccak256("EscrowFunding(bytes32 id)"), id));
        bytes32 structHash =
            keccak256(abi.encode(keccak256(bytes(PERMIT)), permitted, spender, nonce, deadline, witness));
        return keccak256(abi.encodePacked(hex"1901", IPermit2Domain(PLACE).DOMAIN_SEPARATOR(), structHash));
    }
}
