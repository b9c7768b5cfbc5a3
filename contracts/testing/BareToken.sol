// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice For tests: the books of a token that breaks ERC-20's rules; each heir breaks one in its `transfer`.
abstract contract BareToken {
    string public constant name = "Bad Token";
    string public constant symbol = "BAD";
    uint8 public constant decimals = 6;

    uint256 public totalSupply;
    mapping(address owner => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    function mint(address to, uint256 amount) external {
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    /// @dev Too little of anything reverts by underflow.
    function _move(address from, address to, uint256 amount) internal {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
    }

    function _moveFor(address spender, address from, address to, uint256 amount) internal {
        allowance[from][spender] -= amount;
        _move(from, to, amount);
    }
}
