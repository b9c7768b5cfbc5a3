// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A wallet that answers as a Safe does with its usual handler: k of n owners sign a SafeMessage that holds the hash,
/// under a domain without name and version; their signatures are joined, rising by owner.
contract SafeLike {
    bytes32 private constant DOMAIN_TYPE = keccak256("EIP712Domain(uint256 chainId,address verifyingContract)");
    bytes32 private constant MESSAGE_TYPE = keccak256("SafeMessage(bytes message)");

    uint256 public immutable threshold;
    mapping(address owner => bool) public isOwner;

    error SignaturesTooShort(uint256 length);
    error InvalidOwner(address owner);

    constructor(address[] memory owners, uint256 threshold_) {
        threshold = threshold_;
        for (uint256 i; i < owners.length; ++i) {
            isOwner[owners[i]] = true;
        }
    }

    function isValidSignature(bytes32 hash, bytes calldata signatures) external view returns (bytes4) {
        require(signatures.length >= threshold * 65, SignaturesTooShort(signatures.length));
        bytes32 digest = messageHash(hash);
        address last;
        for (uint256 i; i < threshold; ++i) {
            address owner = _signer(digest, signatures[i * 65:(i + 1) * 65]);
            require(owner > last && isOwner[owner], InvalidOwner(owner));
            last = owner;
        }
        return 0x1626ba7e;
    }

    /// @notice What an owner signs for the application's `hash`.
    function messageHash(bytes32 hash) public view returns (bytes32) {
        bytes32 message = keccak256(abi.encode(MESSAGE_TYPE, keccak256(abi.encode(hash))));
        bytes32 separator = keccak256(abi.encode(DOMAIN_TYPE, block.chainid, address(this)));
        return keccak256(abi.encodePacked(hex"1901", separator, message));
    }

    /// @dev A v above 30 means that the owner's software signed the digest as a text (eth_sign).
    function _signer(bytes32 digest, bytes calldata one) private pure returns (address) {
        uint8 v = uint8(one[64]);
        if (v > 30) {
            digest = keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", digest));
            v -= 4;
        }
        return ecrecover(digest, v, bytes32(one[:32]), bytes32(one[32:64]));
    }
}
