// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {Lane} from "../../../contracts/types/Lane.sol";
import {ChannelsCase} from "../support/ChannelsCase.sol";
import {Vm, vm} from "../support/Vm.sol";

contract ClaimTest is ChannelsCase {
    function setUp() public override {
        super.setUp();
        open(DEPOSIT);
    }

    function test_Claim_PaysWhatIsNewWhoeverCalls() public {
        vm.prank(stranger);
        claim(0, 100);
        claim(0, 250);

        assertLane(DEPOSIT, 250, 0, 0);
        vm.assertEq(token.balanceOf(payee), 250, "paid");
        vm.assertEq(token.balanceOf(address(channels)), DEPOSIT - 250, "held");
    }

    function test_Claim_LogsTheWordUnderTheIdAlone() public {
        vm.recordLogs();
        claim(0, 100);

        Vm.Log memory log = vm.getRecordedLogs()[0];
        vm.assertEq(log.topics.length, 1, "anonymous");
        vm.assertEq(log.topics[0], channelId, "topic");
        vm.assertEq(abi.decode(log.data, (uint256)), Lane.unwrap(wordOf(DEPOSIT, 100, 0, 0)), "word");
    }

    function test_Claim_PaysNativeMoney() public {
        use(NATIVE);
        open(DEPOSIT);
        claim(0, 100);

        vm.assertEq(payee.balance, 100, "paid");
        assertLane(DEPOSIT, 100, 0, 0);
    }

    function test_Claim_IsClippedToTheDeposit() public {
        claim(0, type(uint96).max);
        assertLane(DEPOSIT, DEPOSIT, 0, 0);
        vm.assertEq(token.balanceOf(payee), DEPOSIT, "paid");
    }

    function test_Claim_RevertsWhen_NothingIsNew() public {
        refusesAmount(0, 0, 0);
        claim(0, 100);
        refusesAmount(100, 100, 100);
        refusesAmount(99, 99, 100);
        claim(0, DEPOSIT);
        refusesAmount(DEPOSIT + 1, DEPOSIT, DEPOSIT);
    }

    function test_Claim_RevertsWhen_TheLaneIsNotOpen() public {
        close(0, 0, 0);
        vm.expectRevert(notOpen());
        claim(0, 1);
        vm.expectRevert(notOpen());
        claim(1, 1);
    }

    function test_Claim_RevertsWhen_TheVoucherIsOfAnotherEpoch() public {
        refusesEpoch(1, 0);
        refusesEpoch(1 << 31, 0);
        refusesEpoch(1 << 32, 0);
        close(0, 10, 10);
        open(DEPOSIT);
        refusesEpoch(0, 1);
        claim(1, 1);
        vm.assertEq(token.balanceOf(payee), 11, "paid");
    }

    function test_Claim_OfAnEpochUnderAnotherNumberIsNoSignature() public {
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY, channelId, 0, 100);
        close(0, 0, 0);
        open(DEPOSIT);
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        channels.claim(channel, 1, 100, r, vs);
    }

    function test_Claim_WorksUntilTheSecondBeforeTheWindowIsOver() public {
        requestClose();
        vm.warp(NOW + WINDOW - 1);
        claim(0, 100);
        assertLane(DEPOSIT, 100, NOW + WINDOW, 0);

        for (uint256 time = NOW + WINDOW; time <= NOW + WINDOW + 1; ++time) {
            vm.warp(time);
            vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WindowOver.selector, time, NOW + WINDOW));
            claim(0, 101);
        }
        cancelClose();
        claim(0, 101);
        assertLane(DEPOSIT, 101, 0, 0);
    }

    function test_Claim_RevertsWhen_AnotherKeySigned() public {
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY + 1, channelId, 0, 100);
        vm.expectRevert(
            abi.encodeWithSelector(IVoucherChannels.InvalidSignature.selector, vm.addr(SIGNER_KEY + 1), signer)
        );
        channels.claim(channel, 0, 100, r, vs);
    }

    function test_Claim_RevertsWhen_AnySignedMemberIsFlipped() public {
        bytes32 separator = separatorOf(block.chainid, address(channels));
        bytes32 other = channelId ^ bytes32(uint256(1));
        refusesDigest(digestOf(separator, other, 0, 100, 0));
        refusesDigest(digestOf(separator, channelId, 1, 100, 0));
        refusesDigest(digestOf(separator, channelId, 0, 101, 0));
        refusesDigest(digestOf(separator, channelId, 0, 100, bytes32(uint256(1))));
        refusesDigest(digestOf(separatorOf(block.chainid + 1, address(channels)), channelId, 0, 100, 0));
        refusesDigest(digestOf(separatorOf(block.chainid, address(this)), channelId, 0, 100, 0));
    }

    function test_Claim_RevertsAfterAForkToAnotherChainId() public {
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY, channelId, 0, 100);
        vm.chainId(block.chainid + 1);
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        channels.claim(channel, 0, 100, r, vs);

        claim(0, 100);
        assertLane(DEPOSIT, 100, 0, 0);
    }

    function test_Claim_TakesTheLargestLowSAndRefusesTheNext() public {
        uint256 largest = ORDER / 2;
        for (uint256 v = 27; v <= 28; ++v) {
            (bytes32 r,) = sign(SIGNER_KEY, channelId, 0, 100);
            bytes32 digest = digestOf(separatorOf(block.chainid, address(channels)), channelId, 0, 100, 0);
            address found = ecrecover(digest, uint8(v), r, bytes32(largest));
            vm.assertTrue(found != address(0), "recoverable");
            refusesSignature(r, compact(uint8(v), largest), found);
            refusesSignature(r, compact(uint8(v), largest + 1), address(0));
        }
    }

    function test_Claim_RevertsWhen_TheParityIsWrongOrThereIsNoSignature() public {
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY, channelId, 0, 100);
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        channels.claim(channel, 0, 100, r, vs ^ bytes32(uint256(1) << 255));
        refusesSignature(r, 0, address(0));
        refusesSignature(0, vs, address(0));
        refusesSignature(bytes32(type(uint256).max), vs, address(0));
    }

    /// @dev An EIP-7702 key that delegates after it was served must not kill its vouchers.
    function test_Claim_WorksWhateverCodeStandsAtTheSigner() public {
        vm.etch(signer, hex"5f5ffd");
        claim(0, 100);
        assertLane(DEPOSIT, 100, 0, 0);
    }

    function test_Claim_RevertsWhen_ADirtyBitMakesAnotherId() public {
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY, channelId, 0, 100);
        for (uint256 member = 0; member < 5; ++member) {
            bytes memory data = abi.encodeCall(channels.claim, (channel, 0, 100, r, vs));
            data[4 + 32 * member] = 0x01;
            (bool claimed, bytes memory answer) = address(channels).call(data);
            vm.assertTrue(!claimed && bytes4(answer) == IVoucherChannels.NotOpen.selector, "not open");
        }
    }

    function test_Claim_RevertsWhen_ItComesAfterTheCloseInTheSameBlock() public {
        uint256 before = vm.snapshotState();
        claim(0, 100);
        close(0, 150, 200);
        vm.assertEq(token.balanceOf(payee), 150, "claim, close");

        vm.revertToState(before);
        close(0, 150, 200);
        vm.expectRevert(notOpen());
        claim(0, 100);
        vm.assertEq(token.balanceOf(payee), 150, "close, claim");
    }

    function refusesAmount(uint256 amount, uint256 covered, uint256 settled) private {
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.AmountNotIncreasing.selector, covered, settled));
        claim(0, amount);
    }

    function refusesEpoch(uint256 epoch, uint256 current) private {
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.WrongEpoch.selector, epoch, current));
        claim(epoch, 100);
    }

    function refusesDigest(bytes32 digest) private {
        (bytes32 r, bytes32 vs) = signDigest(SIGNER_KEY, digest);
        vm.expectPartialRevert(IVoucherChannels.InvalidSignature.selector);
        channels.claim(channel, 0, 100, r, vs);
    }

    function refusesSignature(bytes32 r, bytes32 vs, address found) private {
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.InvalidSignature.selector, found, signer));
        channels.claim(channel, 0, 100, r, vs);
    }
}
