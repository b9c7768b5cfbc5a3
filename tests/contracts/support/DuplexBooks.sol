// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {State} from "../../../contracts/types/DuplexMessages.sol";
import {DuplexPromise, DuplexPromises} from "../../../contracts/types/DuplexPromise.sol";
import {MoodyCondition} from "../mocks/MoodyCondition.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {DuplexCase} from "./DuplexCase.sol";
import {vm} from "./Vm.sol";

/// @notice Three channels, two in a token, one in native money, with books of what each should have. Both parties signed nine
/// states for every epoch, which are made of its number alone, so that any of them can come back at any time.
abstract contract DuplexBooks is DuplexCase {
    /// @dev Of a channel's present epoch. A credit is paid: it is the owner's, wherever it stands.
    struct Books {
        uint256 depositA;
        uint256 depositB;
        uint256 epoch;
        uint64 posted; // the newest version in the fight
        uint256 deadline;
    }

    struct Kept {
        uint256 fromA;
        uint256 paidFromA;
        uint256 fromB;
        uint256 paidFromB;
        uint256 until;
        uint256 bound; // no promise may keep it longer
        uint64 version; // of the state whose promises it is for
    }

    uint256 public constant CHANNELS = 3;
    uint64 internal constant VERSIONS = 9;
    mapping(uint256 index => Books) public books;
    mapping(uint256 index => mapping(uint256 epoch => Kept)) public kept;
    /// @dev Of the present channel: the epochs whose reserve is not swept yet.
    mapping(uint256 index => uint256[]) internal _keeping;
    mapping(address token => uint256) public donated;
    /// @dev When the epoch began: its promises' expiries are counted from there.
    mapping(uint256 index => mapping(uint256 epoch => uint256)) internal _bornAt;
    MoodyToken public immutable MOODY;
    MoodyParty internal immutable _PARTY;
    MoodyCondition internal immutable _CONDITION;
    MoodyToken.Mood internal _mood;
    uint256 internal _clock = NOW;
    uint256 internal _index;

    constructor() {
        _PARTY = new MoodyParty();
        partyB = address(_PARTY);
        setUp();
        MOODY = moodyToken();
        _CONDITION = new MoodyCondition();
    }

    modifier on(uint256 index) {
        vm.warp(_clock);
        choose(index % CHANNELS);
        _;
    }

    function choose(uint256 index) public {
        _index = index;
        use(index == CHANNELS - 1 ? NATIVE : address(MOODY));
        channel.periods = periods(WINDOW, PROMISE_WINDOW, index + 1);
        channelId = idOf(channel);
    }

    /// @return held by the contract in this token, and what of it is owed as credits
    function holdings(address token_) external view returns (uint256 held, uint256 owed) {
        held = token_ == NATIVE ? address(duplexes).balance : MOODY.balanceOf(address(duplexes));
        owed = duplexes.credits(token_, partyA) + duplexes.credits(token_, partyB);
    }

    /// @return sum of what the present channel's promises may still take, of all its epochs
    function keptInAll() external view returns (uint256 sum) {
        for (uint256 epoch = 0; epoch < books[_index].epoch; ++epoch) {
            Kept memory one = kept[_index][epoch];
            sum += one.fromA - one.paidFromA + one.fromB - one.paidFromB;
        }
    }

    function book() internal view returns (Books storage) {
        return books[_index];
    }

    function isOpen() internal view returns (bool) {
        return book().depositA + book().depositB != 0;
    }

    /// @dev An end: what is not carried is gone.
    function turnPage(uint256 depositA, uint256 depositB) internal {
        uint256 next = book().epoch + 1;
        books[_index] = Books(depositA, depositB, next, 0, 0);
        if (isOpen()) _bornAt[_index][next] = _clock;
    }

    function wait(uint256 time) internal {
        if (_clock < time) vm.warp(_clock = time);
    }

    function diceOf(uint256 epoch, uint64 version) private view returns (uint256) {
        return uint256(keccak256(abi.encode(_index, epoch, version)));
    }

    /// @dev One in four says that a party owes more than there is in the world.
    function netOf(uint256 epoch, uint64 version) internal view returns (int256) {
        uint256 dice = diceOf(epoch, version);
        if (version == 0) return 0;
        if (dice % 4 == 0) return dice % 8 == 0 ? type(int256).max : type(int256).min;
        return int256(dice % 3e24) - 15e23;
    }

    function hasPromises(uint256 epoch, uint64 version) internal view returns (bool) {
        return version != 0 && diceOf(epoch, version) >> 8 & 1 == 0;
    }

    function promiseOf(uint256 epoch, uint64 version, bool fromA) internal view returns (DuplexPromise memory) {
        uint256 dice = uint256(keccak256(abi.encode(diceOf(epoch, version), fromA)));
        uint48 expiry = uint48(_bornAt[_index][epoch] + WINDOW / 2 + dice % (2 * WINDOW));
        return DuplexPromise(fromA, address(_CONDITION), keccak256(""), uint96(dice >> 8) % 1e24, expiry, bytes32(dice));
    }

    function promisesOf(uint256 epoch, uint64 version)
        internal
        view
        returns (DuplexPromises memory promises, bytes32[] memory leaves)
    {
        DuplexPromise memory one = promiseOf(epoch, version, true);
        DuplexPromise memory other = promiseOf(epoch, version, false);
        leaves = new bytes32[](2);
        (leaves[0], leaves[1]) = (structHash(PROMISE, abi.encode(one)), structHash(PROMISE, abi.encode(other)));
        if (leaves[0] > leaves[1]) (leaves[0], leaves[1]) = (leaves[1], leaves[0]);
        uint48 last = one.expiry > other.expiry ? one.expiry : other.expiry;
        promises = DuplexPromises(keccak256(abi.encodePacked(leaves)), one.amount, other.amount, last);
    }

    function signedState(uint256 epoch, uint64 version) internal view returns (State memory state) {
        state = State(uint32(epoch), version, netOf(epoch, version), 0);
        if (!hasPromises(epoch, version)) return state;
        (DuplexPromises memory promises,) = promisesOf(epoch, version);
        state.promises = structHash(PROMISES, abi.encode(promises));
    }

    function wealth(address owner) internal view returns (uint256) {
        return balanceOf(owner) + duplexes.credits(channel.token, owner);
    }
}
