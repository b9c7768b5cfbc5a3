// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPermit2} from "../interfaces/IPermit2.sol";
import {IReceiveWithAuthorization} from "../interfaces/IReceiveWithAuthorization.sol";
import {Funding} from "./Funding.sol";

/// @notice Takes money by the payer's signature, which anyone may submit: it counts for one id and until one second only.
abstract contract SignedFunding is Funding {
    /// @dev The address that Permit2 has on every chain of the EVM's own kind.
    IPermit2 private constant PERMIT2 = IPermit2(0x000000000022D473030F116dDEE9F6B43aC78BA3);
    bytes32 private constant WITNESS_TYPEHASH = keccak256("EscrowFunding(bytes32 id)");
    /// @dev Permit2 appends it to its own type, whose members come before.
    string private constant WITNESS_TYPE =
        "EscrowFunding witness)EscrowFunding(bytes32 id)TokenPermissions(address token,uint256 amount)";

    /// @dev For verbs that hold the guard.
    /// @param id what the money is for: the token or Permit2 takes the authorization for nothing else
    /// @param before the second at which the authorization has passed
    /// @param authorization ERC-3009: the signature. Permit2: its nonce in 32 bytes, then the signature
    function _take(
        Method method,
        address token,
        address from,
        uint256 amount,
        bytes32 id,
        uint256 before,
        bytes calldata authorization
    ) internal {
        if (method == Method.ALLOWANCE && token == address(0)) {
            require(msg.value == amount, WrongValue(msg.value, amount));
            return;
        }
        require(msg.value == 0, WrongValue(msg.value, 0));
        if (method == Method.ALLOWANCE) return _pullToken(token, from, amount);
        uint256 balance = _balanceBefore(token);
        if (method == Method.ERC3009) {
            _receive(token, from, amount, id, before, authorization);
        } else {
            _permit(
                token, from, amount, keccak256(abi.encode(WITNESS_TYPEHASH, id)), WITNESS_TYPE, before, authorization
            );
        }
        _requireReceived(token, balance, amount);
    }

    /// @dev The same for ERC-3009 by a plain key, with less to read. The caller holds the guard.
    function _takeByKey(address token, address from, uint256 amount, bytes32 id, uint256 before, bytes32 r, bytes32 vs)
        internal
    {
        uint256 balance = _balanceBefore(token);
        uint8 v = uint8(27 + (uint256(vs) >> 255));
        IReceiveWithAuthorization(token)
            .receiveWithAuthorization(from, address(this), amount, 0, before, id, v, r, vs << 1 >> 1);
        _requireReceived(token, balance, amount);
    }

    /// @dev A key's 65 bytes go by the standard's own form, everything else by the form for wallets.
    function _receive(address token, address from, uint256 amount, bytes32 id, uint256 before, bytes calldata signature)
        internal
    {
        IReceiveWithAuthorization receiver = IReceiveWithAuthorization(token);
        if (signature.length != 65) {
            receiver.receiveWithAuthorization(from, address(this), amount, 0, before, id, signature);
            return;
        }
        (bytes32 r, bytes32 s) = (bytes32(signature[:32]), bytes32(signature[32:64]));
        uint8 v = uint8(signature[64]);
        receiver.receiveWithAuthorization(from, address(this), amount, 0, before, id, v, r, s);
    }

    /// @param witness what the signature says that the money is for
    /// @dev Permit2 answers nothing and moves the token itself; on a chain without it the call reverts.
    function _permit(
        address token,
        address from,
        uint256 amount,
        bytes32 witness,
        string memory witnessType,
        uint256 before,
        bytes calldata authorization
    ) internal {
        PERMIT2.permitWitnessTransferFrom(
            IPermit2.PermitTransferFrom({
                permitted: IPermit2.TokenPermissions({token: token, amount: amount}),
                nonce: uint256(bytes32(authorization[:32])),
                deadline: before // Permit2 takes this second too; the verbs don't
            }),
            IPermit2.SignatureTransferDetails({to: address(this), requestedAmount: amount}),
            from,
            witness,
            witnessType,
            authorization[32:]
        );
    }
}
