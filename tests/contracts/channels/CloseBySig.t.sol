// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Deadline} from "../../../contracts/channels/Deadline.sol";
import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {Promise} from "../../../contracts/types/Promise.sol";
import {PromiseCase} from "../support/PromiseCase.sol";
import {vm} from "../support/Vm.sol";

contract CloseBySigTest is PromiseCase {
    uint48 private constant DEADLINE = uint48(NOW + 100);
    Promise private _promise;
    uint256 private _held;

    function setUp() public override {
        super.setUp();
        _held = token.balanceOf(payer);
        _promise = promiseOf(200, EXPIRY, 1);
        open(DEPOSIT);
    }

    function digest(uint256 epoch, uint256 take, uint256 deadline) private view returns (bytes32) {
        return closeDigest(separatorOf(block.chainid, address(channels)), channelId, epoch, take, deadline);
    }

    /// @dev With the payee's signature over this digest.
    function bring(IVoucherChannels.PromisingVoucher memory voucher, uint96 take, uint48 deadline, bytes32 signed_)
        private
    {
        (bytes32 r, bytes32 vs) = signDigest(PAYEE_KEY, signed_);
        vm.prank(stranger);
        channels.closeBySig(channel, voucher, take, deadline, r, vs);
    }

    function assertShares(uint256 toPayee) private view {
        vm.assertEq(token.balanceOf(payee), toPayee, "payee");
        vm.assertEq(token.balanceOf(payer), _held - toPayee, "payer");
        vm.assertEq(token.balanceOf(address(channels)), 0, "nothing is left");
        assertLane(0, 0, 0, 1);
    }

    function test_CloseBySig_PaysTheTakeAndGivesBackTheRestWhoeverBringsIt() public {
        claim(0, 100);
        vm.expectEmit();
        emit IVoucherChannels.Closed(channelId, wordOf(DEPOSIT, 300, 0, 0));
        closeBySig(plainVoucher(0, 400), 300);
        assertShares(300);
    }

    function test_CloseBySig_TakesUpToWhatTheVouchersPromisesAreWorth() public {
        record(0, _promise, 150);
        IVoucherChannels.PromisingVoucher memory voucher = voucherOf(0, 100, _promise);
        refusesTake(voucher, 251, 250);
        closeBySig(voucher, 250);
        assertShares(250);
    }

    function test_CloseBySig_TakesNoMoreThanTheDeposit() public {
        refusesTake(plainVoucher(0, 300), 2 ** 96 + 300, 300);
        refusesTake(plainVoucher(0, DEPOSIT + 7), DEPOSIT + 1, DEPOSIT);
        closeBySig(plainVoucher(0, DEPOSIT + 7), DEPOSIT);
        assertShares(DEPOSIT);
    }

    function test_CloseBySig_OfNoMoreThanIsSettledNeedsNoVoucher() public {
        claim(0, 100);
        uint256 before = vm.snapshotState();
        for (uint96 take = 0; take <= 100; take += 50) {
            vm.revertToState(before);
            IVoucherChannels.PromisingVoucher memory none;
            closeBySig(none, take);
            assertShares(100);
        }
    }

    function test_CloseBySig_ByThePayeeItselfNeedsNoSignatureOfItsOwn() public {
        IVoucherChannels.PromisingVoucher memory voucher = plainVoucher(0, 400);
        vm.prank(payee);
        channels.closeBySig(channel, voucher, 300, DEADLINE, 0, 0);
        assertShares(300);
    }

    function test_CloseBySig_EndsALaneThatIsClosingAndItsReserve() public {
        requestClose();
        claimPromised(voucherOf(0, 100, _promise));
        vm.expectEmit();
        emit IVoucherChannels.Closed(channelId, reservedWord(DEPOSIT, 100, CLOSES_AT, 0));
        closeBySig(voucherOf(0, 100, _promise), 100);
        assertShares(100);
        record(0, _promise, 200);
        vm.expectRevert(notOpen());
        claimPromised(voucherOf(0, 100, _promise));
    }

    function test_CloseBySig_WorksUntilTheSecondBeforeTheWindowIsOver() public {
        requestClose();
        for (uint256 time = CLOSES_AT; time <= CLOSES_AT + 1; ++time) {
            vm.warp(time);
            vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WindowOver.selector, time, CLOSES_AT));
            closeBySig(plainVoucher(0, 100), 100);
        }
        vm.warp(CLOSES_AT - 1);
        closeBySig(plainVoucher(0, 100), 100);
        assertShares(100);
    }

    function test_CloseBySig_WorksUntilTheSecondBeforeItsDeadline() public {
        IVoucherChannels.PromisingVoucher memory voucher = plainVoucher(0, 100);
        for (uint256 time = DEADLINE; time <= DEADLINE + 1; ++time) {
            vm.warp(time);
            bytes memory passed = abi.encodeWithSelector(Deadline.DeadlinePassed.selector, time, DEADLINE);
            vm.expectRevert(passed);
            bring(voucher, 100, DEADLINE, digest(0, 100, DEADLINE));
            vm.expectRevert(passed);
            vm.prank(payee);
            channels.closeBySig(channel, voucher, 100, DEADLINE, 0, 0);
        }
        vm.warp(DEADLINE - 1);
        bring(voucher, 100, DEADLINE, digest(0, 100, DEADLINE));
        assertShares(100);
    }

    function test_CloseBySig_RevertsWhen_AnySignedMemberIsFlipped() public {
        bytes32 separator = separatorOf(block.chainid, address(channels));
        bytes32 other = channelId ^ bytes32(uint256(1));
        bytes32[6] memory digests = [
            digest(1, 100, DEADLINE),
            digest(0, 99, DEADLINE),
            digest(0, 100, DEADLINE - 1),
            closeDigest(separator, other, 0, 100, DEADLINE),
            closeDigest(separatorOf(block.chainid + 1, address(channels)), channelId, 0, 100, DEADLINE),
            closeDigest(separatorOf(block.chainid, address(this)), channelId, 0, 100, DEADLINE)
        ];
        IVoucherChannels.PromisingVoucher memory voucher = plainVoucher(0, 100);
        for (uint256 i = 0; i < digests.length; ++i) {
            vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
            bring(voucher, 100, DEADLINE, digests[i]);
        }
        bring(voucher, 100, DEADLINE, digest(0, 100, DEADLINE));
        assertShares(100);
    }

    /// @dev Not the payer's word either: it could end the lane at what was last claimed.
    function test_CloseBySig_RevertsWhen_AnotherThanThePayeeSigned() public {
        IVoucherChannels.PromisingVoucher memory voucher = plainVoucher(0, 100);
        (bytes32 r, bytes32 vs) = signDigest(SIGNER_KEY, digest(0, 0, DEADLINE));
        bytes memory refusal = abi.encodeWithSelector(IVoucherChannels.InvalidSignature.selector, signer, payee);
        vm.expectRevert(refusal);
        vm.prank(payer);
        channels.closeBySig(channel, voucher, 0, DEADLINE, r, vs);
    }

    function test_CloseBySig_RevertsWhen_TheSignatureIsNoneOrOfAHighS() public {
        IVoucherChannels.PromisingVoucher memory voucher = plainVoucher(0, 100);
        (bytes32 r, bytes32 vs) = signDigest(PAYEE_KEY, digest(0, 100, DEADLINE));
        bytes32[2][3] memory none = [[bytes32(0), bytes32(0)], [r, bytes32(0)], [r, bytes32(ORDER / 2 + 1)]];
        for (uint256 i = 0; i < none.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.InvalidSignature.selector, address(0), payee));
            channels.closeBySig(channel, voucher, 100, DEADLINE, none[i][0], none[i][1]);
        }
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        channels.closeBySig(channel, voucher, 100, DEADLINE, r, vs ^ bytes32(uint256(1) << 255));
    }

    function test_CloseBySig_RevertsWhen_TheVoucherIsNotTheSigners() public {
        IVoucherChannels.PromisingVoucher memory forged = plainVoucher(0, 400);
        forged.cumulativeAmount = 401;
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        closeBySig(forged, 300);
    }

    function test_CloseBySig_RevertsWhen_TheLaneIsNotOpenOrTheEpochIsAnother() public {
        close(0, 0, 0);
        vm.expectRevert(notOpen());
        closeBySig(plainVoucher(0, 0), 0);
        open(DEPOSIT);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WrongEpoch.selector, 0, 1));
        closeBySig(plainVoucher(0, 0), 0);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WrongEpoch.selector, 2, 1));
        closeBySig(plainVoucher(2, 100), 100);
    }

    /// @dev The same LaneClose can't end the next epoch: its epoch is signed.
    function test_CloseBySig_EndsOneEpochOnly() public {
        IVoucherChannels.PromisingVoucher memory voucher = plainVoucher(0, 0);
        bytes32 signed_ = digest(0, 0, DEADLINE);
        bring(voucher, 0, DEADLINE, signed_);
        open(DEPOSIT);
        voucher.epoch = 1;
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        bring(voucher, 0, DEADLINE, signed_);
    }

    function refusesTake(IVoucherChannels.PromisingVoucher memory voucher, uint256 take, uint256 covered) private {
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.TakeTooLarge.selector, take, covered));
        closeBySig(voucher, take);
    }
}
