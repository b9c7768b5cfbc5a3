// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {PromiseCase} from "./PromiseCase.sol";
import {vm} from "./Vm.sol";

/// @notice The handler's own books of four lanes, two in a token, two in native money, whose receivers may fail.
abstract contract LaneBooks is PromiseCase {
    /// @dev Of one lane's present epoch. A credit is paid: it is the owner's, wherever it stands.
    struct Books {
        uint256 deposited;
        uint256 toPayee;
        uint256 epoch;
    }

    /// @dev What vouchers that were shown at this close may be worth, and until when their promises can be recorded.
    struct Hold {
        uint256 ceiling;
        uint256 last;
    }

    /// @dev What an ended epoch left for its promises.
    struct Kept {
        uint256 ceiling;
        uint256 settled;
        uint256 until;
    }

    uint256 public constant LANES = 4;
    mapping(uint256 lane => Books) public books;
    mapping(uint256 lane => Hold) public holds;
    mapping(uint256 lane => mapping(uint256 epoch => Kept)) public kept;
    mapping(address token => uint256) public donated;
    MoodyToken public immutable MOODY;
    MoodyToken.Mood internal _mood;
    uint256 internal _clock = NOW;

    constructor() {
        setUp();
        MOODY = moodyToken();
        vm.etch(payee, address(new MoodyParty()).code);
    }

    modifier on(uint256 lane) {
        vm.warp(_clock);
        _choose(lane % LANES);
        _;
    }

    /// @return deposit of this lane, with what is settled of it and the epoch's number
    function laneAt(uint256 lane) external returns (uint256 deposit, uint256 settled, uint256 epoch, bool reserved) {
        _choose(lane);
        (deposit, settled,, epoch, reserved) = channels.laneOf(channelId);
    }

    /// @return ceiling of what an epoch that ended has left, with what is settled of it and its last second
    function reserveAt(uint256 lane, uint256 epoch) external returns (uint256 ceiling, uint256 settled, uint256 until) {
        _choose(lane);
        bool withdrawn;
        (ceiling, settled, until, withdrawn) = channels.reservedOf(channelId, epoch);
        if (!withdrawn) return (0, 0, 0);
    }

    /// @return held by the contract in this token, and what of it is owed as credits
    function holdings(address token_) external view returns (uint256 held, uint256 owed) {
        held = token_ == NATIVE ? address(channels).balance : MOODY.balanceOf(address(channels));
        owed = channels.credits(token_, payer) + channels.credits(token_, payee);
    }

    function _choose(uint256 lane) internal {
        use(lane / 2 == 0 ? address(MOODY) : NATIVE);
        channel.periods = periods(WINDOW, PROMISE_WINDOW, lane + 1);
        channelId = idOf(channel);
    }

    function _wealth(address owner) internal view returns (uint256) {
        return balanceOf(owner) + channels.credits(channel.token, owner);
    }

    /// @dev A batch pays exactly what its lanes are settled by.
    function _book(uint256[LANES] memory settledBefore, uint256 paid) internal {
        for (uint256 i = 0; i < LANES; ++i) {
            _choose(i);
            (, uint256 settled,,,) = channels.laneOf(channelId);
            vm.assertGe(settled, settledBefore[i], "settled never falls");
            books[i].toPayee += settled - settledBefore[i];
            paid -= settled - settledBefore[i];
        }
        vm.assertEq(paid, 0, "paid what was settled");
    }

    function _end(uint256 lane, uint256 toPayee, uint256 toPayer, uint256 keeps) internal {
        Books memory book = books[lane];
        vm.assertEq(book.toPayee + toPayee + toPayer + keeps, book.deposited, "an epoch's payouts are its deposits");
        books[lane] = Books(0, 0, book.epoch + 1);
        delete holds[lane];
    }

    /// @dev What was reserved at a close is over one window after the promises, which get their own window at most.
    function _until(uint256 closesAt, uint256 last) internal pure returns (uint256) {
        uint256 latest = last < closesAt + PROMISE_WINDOW ? last : closesAt + PROMISE_WINDOW;
        return (latest < closesAt ? closesAt : latest) + WINDOW;
    }
}
