// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {Lane} from "../../../contracts/types/Lane.sol";
import {Promise} from "../../../contracts/types/Promise.sol";
import {Reserve} from "../../../contracts/types/Reserve.sol";
import {MoodyCondition} from "../mocks/MoodyCondition.sol";
import {ChannelsCase} from "./ChannelsCase.sol";
import {vm} from "./Vm.sol";

interface AnonymousLogs {
    function expectEmitAnonymous() external;
}

/// @notice Vouchers with promises, whose condition releases what a proof says; hashed from the type strings alone.
abstract contract PromiseCase is ChannelsCase {
    uint256 internal constant PAYEE_KEY = 0xB0B;
    bytes internal constant DATA = "what was promised";
    /// @dev Of every promise where a test doesn't say otherwise: within the promises' window after a close at NOW.
    uint48 internal constant EXPIRY = uint48(NOW + WINDOW + PROMISE_WINDOW / 2);
    uint256 internal constant CLOSES_AT = NOW + WINDOW;
    /// @dev The last second of a reserve for such promises, and one more.
    uint256 internal constant UNTIL = EXPIRY + WINDOW;

    MoodyCondition internal condition = new MoodyCondition();

    function setUp() public virtual override {
        payee = vm.addr(PAYEE_KEY);
        super.setUp();
    }

    function promiseOf(uint96 amount, uint48 expiry, uint256 salt) internal view returns (Promise memory) {
        return Promise(address(condition), keccak256(DATA), amount, expiry, bytes32(salt));
    }

    function leafOf(Promise memory one) internal pure returns (bytes32) {
        bytes32 kind = keccak256("Promise(address condition,bytes32 dataHash,uint96 amount,uint48 expiry,bytes32 salt)");
        return keccak256(abi.encode(kind, one.condition, one.dataHash, one.amount, one.expiry, one.salt));
    }

    /// @dev The voucher of the lane's present signer for these promises, with the total and the last expiry that belong to them.
    function voucherOf(uint256 epoch, uint96 amount, Promise[] memory promises)
        internal
        view
        returns (IVoucherChannels.PromisingVoucher memory voucher)
    {
        (voucher.epoch, voucher.cumulativeAmount) = (uint32(epoch), amount);
        voucher.leaves = new bytes32[](promises.length);
        for (uint256 i = 0; i < promises.length; ++i) {
            voucher.total += promises[i].amount;
            if (promises[i].expiry > voucher.lastExpiry) voucher.lastExpiry = promises[i].expiry;
            voucher.leaves[i] = leafOf(promises[i]);
        }
        sort(voucher.leaves);
        return signed(voucher);
    }

    function voucherOf(uint256 epoch, uint96 amount, Promise memory one)
        internal
        view
        returns (IVoucherChannels.PromisingVoucher memory)
    {
        Promise[] memory promises = new Promise[](1);
        promises[0] = one;
        return voucherOf(epoch, amount, promises);
    }

    function plainVoucher(uint256 epoch, uint96 amount)
        internal
        view
        returns (IVoucherChannels.PromisingVoucher memory)
    {
        return voucherOf(epoch, amount, new Promise[](0));
    }

    function signed(IVoucherChannels.PromisingVoucher memory voucher)
        internal
        view
        returns (IVoucherChannels.PromisingVoucher memory)
    {
        bytes32 separator = separatorOf(block.chainid, address(channels));
        (voucher.r, voucher.vs) = signDigest(
            SIGNER_KEY, digestOf(separator, channelId, voucher.epoch, voucher.cumulativeAmount, promisesOf(voucher))
        );
        return voucher;
    }

    function promisesOf(IVoucherChannels.PromisingVoucher memory voucher) internal pure returns (bytes32) {
        if (voucher.leaves.length == 0 && voucher.total == 0 && voucher.lastExpiry == 0) return 0;
        bytes32 leaves = keccak256(abi.encodePacked(voucher.leaves));
        bytes32 kind = keccak256("Promises(bytes32 leaves,uint96 total,uint48 lastExpiry)");
        return keccak256(abi.encode(kind, leaves, voucher.total, voucher.lastExpiry));
    }

    function sort(bytes32[] memory leaves) internal pure {
        for (uint256 i = 1; i < leaves.length; ++i) {
            for (uint256 j = i; j > 0 && leaves[j - 1] > leaves[j]; --j) {
                (leaves[j - 1], leaves[j]) = (leaves[j], leaves[j - 1]);
            }
        }
    }

    function closeDigest(bytes32 separator, bytes32 id, uint256 epoch, uint256 take, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        bytes32 kind = keccak256("LaneClose(bytes32 channelId,uint32 epoch,uint96 take,uint48 deadline)");
        return keccak256(abi.encodePacked(hex"1901", separator, keccak256(abi.encode(kind, id, epoch, take, deadline))));
    }

    function claimPromised(IVoucherChannels.PromisingVoucher memory voucher) internal {
        channels.claimPromised(channel, voucher);
    }

    /// @dev The condition says that so much of the promise is released.
    function record(uint256 epoch, Promise memory one, uint256 released) internal {
        channels.record(channelId, epoch, one, DATA, abi.encode(released));
    }

    /// @dev A stranger brings the payee's LaneClose.
    function closeBySig(IVoucherChannels.PromisingVoucher memory voucher, uint256 take) internal {
        uint256 deadline = block.timestamp + 1;
        bytes32 separator = separatorOf(block.chainid, address(channels));
        (bytes32 r, bytes32 vs) =
            signDigest(PAYEE_KEY, closeDigest(separator, channelId, voucher.epoch, take, deadline));
        vm.prank(stranger);
        channels.closeBySig(channel, voucher, take, deadline, r, vs);
    }

    function subjectOf(uint256 epoch, Promise memory one) internal view returns (bytes32) {
        return keccak256(abi.encode(address(channels), block.chainid, channelId, epoch, leafOf(one)));
    }

    function reserveWord(uint256 ceiling, uint256 settled, uint256 time, bool withdrawn)
        internal
        pure
        returns (Reserve)
    {
        return Reserve.wrap(ceiling | settled << 96 | time << 192 | (withdrawn ? 1 << 240 : 0));
    }

    function assertReserve(uint256 epoch, uint256 ceiling, uint256 settled, uint256 time, bool withdrawn)
        internal
        view
    {
        (uint256 ceiling_, uint256 settled_, uint256 time_, bool withdrawn_) = channels.reservedOf(channelId, epoch);
        vm.assertEq(ceiling_, ceiling, "ceiling");
        vm.assertEq(settled_, settled, "settled of the reserve");
        vm.assertEq(time_, time, "time");
        vm.assertTrue(withdrawn_ == withdrawn, "withdrawn");
    }

    /// @dev The log that has no name but the channel's id.
    function expectClaimed(Lane lane) internal {
        AnonymousLogs(address(vm)).expectEmitAnonymous();
        emit IVoucherChannels.Claimed(channelId, lane);
    }

    function notIncreasing(uint256 covered, uint256 settled) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherChannels.AmountNotIncreasing.selector, covered, settled);
    }

    function reserveOver(uint256 until) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherChannels.ReserveOver.selector, block.timestamp, until);
    }
}
