// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How money comes in: exactly, or not at all.
interface IFunding {
    /// @notice By which consent a token is pulled. The paths are fixed: no plug-in of a caller's choice is ever called.
    enum Method {
        ALLOWANCE, // the contract's own allowance, and the payer's EIP-712 consent
        ERC3009, // receiveWithAuthorization, the nonce being the id that is funded
        PERMIT2 // permitWitnessTransferFrom, the witness naming that id
    }

    error WrongValue(uint256 sent, uint256 expected);
    /// @notice Nothing at that address answers as a token does.
    error TokenHasNoCode(address token);
    /// @notice The token moved another amount than was asked for: it takes a fee, or rebases.
    error InexactTransfer(address token, uint256 received, uint256 expected);
}
