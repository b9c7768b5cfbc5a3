// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

interface IMoved {
    function moved() external;
}

/// @notice A token that keeps ERC-20's rules until it is told to break one of them.
contract MoodyToken {
    enum Mood {
        PLAIN,
        ANSWERS_NOTHING,
        ANSWERS_SHORT,
        ANSWERS_HUGE,
        REVERTS,
        REVERTS_HUGE,
        BURNS_GAS,
        FALSE_UNMOVED,
        FALSE_MOVED,
        TRUE_UNMOVED,
        FEE_ON_ARRIVAL,
        HALF_AND_FALSE,
        SHORT_UNMOVED,
        FEE_ON_TOP,
        SHRINKS,
        GROWS
    }

    uint256 public constant FEE = 1;

    Mood public mood;
    /// @dev Gas that a transfer burns before it moves anything.
    uint256 public weight;
    /// @dev What a transfer must find on entry.
    uint256 public demand;
    /// @dev A mute token's balanceOf burns all gas; after a move it may turn mute.
    bool public mute;
    bool public muteAfterMove;
    mapping(address owner => bool) public denied;
    /// @dev Transfers to these answer false, and move nothing.
    mapping(address owner => bool) public shunned;
    mapping(address owner => bool) public hooked;
    mapping(address owner => mapping(address spender => uint256)) public allowance;
    mapping(address owner => uint256) private _balances;

    error Denied(address owner);
    error Moody();
    error Thirsty();

    function balanceOf(address owner) external view returns (uint256) {
        if (mute) _burn(gasleft());
        return _balances[owner];
    }

    /// @notice What a muted token hides.
    function truth(address owner) external view returns (uint256) {
        return _balances[owner];
    }

    function mint(address owner, uint256 amount) external {
        _balances[owner] += amount;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        uint256 left = gasleft();
        require(left >= demand, Thirsty());
        return _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount;
        return _move(from, to, amount);
    }

    /// @notice Both forms of ERC-3009, for whatever signature.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 amount,
        uint256,
        uint256,
        bytes32,
        uint8,
        bytes32,
        bytes32
    ) external returns (bool) {
        return _move(from, to, amount);
    }

    function receiveWithAuthorization(
        address from,
        address to,
        uint256 amount,
        uint256,
        uint256,
        bytes32,
        bytes calldata
    ) external returns (bool) {
        return _move(from, to, amount);
    }

    function DOMAIN_SEPARATOR() external pure returns (bytes32) {
        return 0;
    }

    function be(Mood mood_) external {
        mood = mood_;
    }

    function thirst(uint256 demand_) external {
        demand = demand_;
    }

    function weigh(uint256 weight_) external {
        weight = weight_;
    }

    function silence(bool now_, bool afterMove) external {
        mute = now_;
        muteAfterMove = afterMove;
    }

    function deny(address owner, bool denied_) external {
        denied[owner] = denied_;
    }

    function shun(address owner) external {
        shunned[owner] = true;
    }

    function hook(address owner) external {
        hooked[owner] = true;
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        _burn(weight);
        require(!denied[from], Denied(from));
        require(!denied[to], Denied(to));
        if (muteAfterMove) mute = true;
        if (mood == Mood.REVERTS) revert Moody();
        if (mood == Mood.REVERTS_HUGE) _answer(1_000_000, true);
        if (mood == Mood.BURNS_GAS) _burn(gasleft());
        if (mood == Mood.FALSE_UNMOVED || shunned[to]) return false;
        if (mood == Mood.TRUE_UNMOVED) return true;
        if (mood == Mood.SHORT_UNMOVED) _answer(31, false);
        if (mood == Mood.HALF_AND_FALSE) amount /= 2;

        if (hooked[from]) IMoved(from).moved();
        if (mood == Mood.SHRINKS) _balances[to] -= _balances[to] / 1000;
        if (mood == Mood.GROWS) _balances[to] += _balances[to] / 1000;
        _balances[from] -= mood == Mood.FEE_ON_TOP ? amount + FEE : amount;
        _balances[to] += amount;
        if (mood == Mood.FEE_ON_ARRIVAL) _balances[to] -= FEE;
        if (hooked[to]) IMoved(to).moved();

        if (mood == Mood.ANSWERS_NOTHING) _answer(0, false);
        if (mood == Mood.ANSWERS_SHORT) _answer(31, false);
        if (mood == Mood.ANSWERS_HUGE) _answer(100_000, false);
        return mood != Mood.FALSE_MOVED && mood != Mood.HALF_AND_FALSE;
    }

    function _burn(uint256 amount) private view {
        uint256 start = gasleft();
        while (start - gasleft() < amount) {}
    }

    /// @dev A whole first word is one: true, if it is read at all.
    function _answer(uint256 size, bool asError) private pure {
        assembly ("memory-safe") {
            let free := mload(0x40)
            if size { mstore(free, 1) }
            if asError { revert(free, size) }
            return(free, size)
        }
    }
}
