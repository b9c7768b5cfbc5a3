// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "solady/src/utils/EIP712.sol";

/// @notice The EIP-712 domain of every contract here; chain id and address make the difference.
abstract contract EarnestDomain is EIP712 {
    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        return ("Earnest", "1");
    }
}
