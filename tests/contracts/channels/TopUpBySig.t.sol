// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Deposits} from "../../../contracts/channels/Deposits.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {DepositAuthorization} from "../../../contracts/types/ChannelFunding.sol";
import {OwnedWallet} from "../mocks/OwnedWallet.sol";
import {LaneFundingCase} from "../support/LaneFundingCase.sol";
import {vm} from "../support/Vm.sol";

contract TopUpBySigTest is LaneFundingCase {
    uint96 private constant MORE = 400;

    function setUp() public override {
        super.setUp();
        openBySig(DEPOSIT, authorizationOf(IFunding.Method.ERC3009, purposeOf(OPEN, 0), DEPOSIT));
    }

    function authorized(IFunding.Method method) private view returns (DepositAuthorization memory) {
        return authorizationOf(method, Purpose(TOP_UP, channelId, 0, SALT + 1), MORE);
    }

    function refuses(IFunding.Method method, uint96 amount, DepositAuthorization memory authorization) private {
        vm.expectRevert(refusal(method));
        topUpBySig(amount, authorization);
    }

    function test_TopUpBySig_AddsToTheDepositByEachMethodWhoeverBringsIt() public {
        claim(0, 100);
        for (uint256 i = 0; i < methods.length; ++i) {
            uint256 state = vm.snapshotState();
            DepositAuthorization memory authorization = authorized(methods[i]);
            vm.expectEmit();
            emit IVoucherChannels.ToppedUp(channelId, wordOf(DEPOSIT + MORE, 100, 0, 0));
            topUpBySig(MORE, authorization);
            assertLane(DEPOSIT + MORE, 100, 0, 0);
            vm.assertEq(token.balanceOf(address(channels)), DEPOSIT + MORE - 100, "held");
            vm.revertToState(state);
        }
    }

    function test_TopUpBySig_TakesAWalletsWordByEachMethod() public {
        payer = address(new OwnedWallet(vm.addr(PAYER_KEY)));
        equip(payer);
        use(address(token));
        openBySig(DEPOSIT, authorizationOf(IFunding.Method.ERC3009, purposeOf(OPEN, 0), DEPOSIT));
        for (uint256 i = 0; i < methods.length; ++i) {
            topUpBySig(MORE, authorized(methods[i]));
        }
        assertLane(DEPOSIT + 2 * MORE, 0, 0, 0);
    }

    function test_TopUpBySig_RevertsWhen_TheMethodIsAnAllowance() public {
        vm.prank(payer);
        token.approve(address(channels), type(uint256).max);
        DepositAuthorization memory authorization = authorized(IFunding.Method.ERC3009);
        authorization.method = IFunding.Method.ALLOWANCE;
        vm.expectRevert(abi.encodeWithSelector(Deposits.AllowanceIsNoAuthorization.selector));
        topUpBySig(MORE, authorization);
    }

    /// @dev The open's authorization doesn't fill a lane that is open, nor a top-up's an epoch that isn't.
    function test_TopUpBySig_RevertsWhen_TheAuthorizationIsForSomethingElse() public {
        bytes32 other = channelId ^ bytes32(uint256(1));
        Purpose[4] memory purposes = [
            Purpose(OPEN, channelId, 0, SALT + 1),
            Purpose(DEPOSIT_OF_TWO, channelId, 0, SALT + 1),
            Purpose(TOP_UP, channelId, 1, SALT + 1),
            Purpose(TOP_UP, other, 0, SALT + 1)
        ];
        for (uint256 i = 0; i < methods.length; ++i) {
            for (uint256 j = 0; j < purposes.length; ++j) {
                refuses(methods[i], MORE, authorizationOf(methods[i], purposes[j], MORE));
            }
            refuses(methods[i], MORE + 1, authorized(methods[i]));
            DepositAuthorization memory resalted = authorized(methods[i]);
            resalted.salt += 1;
            refuses(methods[i], MORE, resalted);
        }
    }

    function test_TopUpBySig_RevertsTheSecondTime() public {
        for (uint256 i = 0; i < methods.length; ++i) {
            uint256 state = vm.snapshotState();
            DepositAuthorization memory authorization = authorized(methods[i]);
            topUpBySig(MORE, authorization);
            vm.expectPartialRevert(
                i == 0
                    ? bytes4(keccak256("ERC3009UsedAuthorization(address,bytes32)"))
                    : bytes4(keccak256("InvalidNonce()"))
            );
            topUpBySig(MORE, authorization);
            assertLane(DEPOSIT + MORE, 0, 0, 0);
            vm.revertToState(state);
        }
    }

    /// @dev Two of the same amount in one epoch: the salt tells them apart.
    function test_TopUpBySig_TakesAsManyAsWereSignedWithDifferentSalts() public {
        for (uint96 salt = 10; salt < 13; ++salt) {
            Purpose memory purpose = Purpose(TOP_UP, channelId, 0, salt);
            topUpBySig(MORE, authorizationOf(IFunding.Method.ERC3009, purpose, MORE));
        }
        assertLane(DEPOSIT + 3 * MORE, 0, 0, 0);
    }

    function test_TopUpBySig_RevertsWhen_ItsEpochHasPassed() public {
        DepositAuthorization[2] memory olds = [authorized(IFunding.Method.ERC3009), authorized(IFunding.Method.PERMIT2)];
        close(0, 0, 0);
        for (uint256 i = 0; i < methods.length; ++i) {
            vm.expectRevert(notOpen());
            topUpBySig(MORE, olds[i]);
        }
        openBySig(DEPOSIT, authorizationOf(IFunding.Method.ERC3009, purposeOf(OPEN, 1), DEPOSIT));
        for (uint256 i = 0; i < methods.length; ++i) {
            refuses(methods[i], MORE, olds[i]);
        }
        assertLane(DEPOSIT, 0, 0, 1);
    }

    /// @dev In one block, after a request or a close: the money stays the payer's. Before it, see TopUp and Close.
    function test_TopUpBySig_RevertsWhen_TheLaneIsClosingOrClosed() public {
        DepositAuthorization memory authorization = authorized(IFunding.Method.ERC3009);
        uint256 held = token.balanceOf(payer);
        requestClose();
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.ChannelClosing.selector, channelId, NOW + WINDOW));
        topUpBySig(MORE, authorization);
        close(0, 0, 0);
        vm.expectRevert(notOpen());
        topUpBySig(MORE, authorization);
        vm.assertEq(token.balanceOf(payer), held + DEPOSIT, "the payer's");
    }

    function test_TopUpBySig_InTheSameBlockBeforeACloseComesBack() public {
        uint256 held = token.balanceOf(payer);
        topUpBySig(MORE, authorized(IFunding.Method.ERC3009));
        close(0, 300, 300);
        vm.assertEq(token.balanceOf(payer), held + DEPOSIT - 300, "the payer's");
    }

    function test_TopUpBySig_RevertsWhen_NothingOrTooMuchIsAdded() public {
        DepositAuthorization memory authorization = authorized(IFunding.Method.ERC3009);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.InvalidAmount.selector));
        topUpBySig(0, authorization);
        uint256 largest = type(uint96).max;
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.DepositTooLarge.selector, DEPOSIT + largest, largest));
        topUpBySig(type(uint96).max, authorization);
    }

    /// @dev A stranger's own money and own signature are nothing: no dust of another's cancels a close or fills a lane.
    function test_TopUpBySig_RevertsWhen_AStrangerPays() public {
        uint256 strangersKey = 0x57A6E4;
        address mallory = vm.addr(strangersKey);
        equip(mallory);
        for (uint256 i = 0; i < methods.length; ++i) {
            DepositAuthorization memory authorization = authorized(methods[i]);
            bytes32 digest = digestFor(methods[i], Purpose(TOP_UP, channelId, 0, SALT + 1), 1);
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(strangersKey, digest);
            authorization.signature = i == 0 ? abi.encodePacked(r, s, v) : abi.encodePacked(NONCE + SALT + 1, r, s, v);
            refuses(methods[i], 1, authorization);
        }
        vm.expectRevert(notPayer(mallory));
        vm.prank(mallory);
        channels.topUp(channel, 1);
        requestClose();
        assertLane(DEPOSIT, 0, NOW + WINDOW, 0);
        vm.assertEq(token.balanceOf(mallory), type(uint104).max, "untouched");
    }
}
