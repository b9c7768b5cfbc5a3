// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ALL_BPS} from "../types/Terms.sol";
import {SignedValues} from "./SignedValues.sol";

/// @notice Releases the share to which k of n attesters say that a statement is true: the k-th largest of their shares.
/// @dev data = statement 256 | about 256 | k 8 | attesters 160 each; the proof is that of SignedValues, with shares in
/// hundredths of a percent as values. `about` zero is the subject itself: such a word counts for one payment alone.
contract Attestation is SignedValues {
    bytes32 private constant TYPEHASH =
        keccak256("Attestation(bytes32 statement,bytes32 about,uint16 shareBps,uint48 expiry)");

    function released(bytes32 subject, uint256 amount, bytes calldata data, bytes calldata proof)
        external
        view
        returns (uint256)
    {
        (bytes32 statement, bytes32 about) = abi.decode(data, (bytes32, bytes32));
        bytes memory message = abi.encode(TYPEHASH, statement, about == 0 ? subject : about);
        return Math.mulDiv(amount, _agreed(message, ALL_BPS, data[64:], proof), ALL_BPS);
    }
}
