// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedValues} from "./SignedValues.sol";

/// @notice Releases what k of n signers approve for this subject: the k-th largest of the amounts.
/// @dev data = k 8 | signers 160 each; the proof is that of SignedValues, with amounts as values.
contract Approvals is SignedValues {
    bytes32 private constant TYPEHASH = keccak256("Approval(bytes32 subject,uint96 amount,uint48 expiry)");

    function released(bytes32 subject, uint256 amount, bytes calldata data, bytes calldata proof)
        external
        view
        returns (uint256)
    {
        return Math.min(_agreed(abi.encode(TYPEHASH, subject), type(uint96).max, data, proof), amount);
    }
}
