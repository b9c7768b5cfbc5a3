// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Deadline} from "../../../contracts/channels/Deadline.sol";
import {Deposits} from "../../../contracts/channels/Deposits.sol";
import {Periods} from "../../../contracts/channels/Periods.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {DepositAuthorization} from "../../../contracts/types/ChannelFunding.sol";
import {Channel} from "../../../contracts/types/Channel.sol";
import {OwnedWallet} from "../mocks/OwnedWallet.sol";
import {PhantomToken} from "../mocks/PhantomToken.sol";
import {LaneFundingCase} from "../support/LaneFundingCase.sol";
import {Permit2} from "../support/Permit2.sol";
import {vm} from "../support/Vm.sol";

contract OpenBySigTest is LaneFundingCase {
    function authorized(IFunding.Method method) private view returns (DepositAuthorization memory) {
        return authorizationOf(method, purposeOf(OPEN, 0), DEPOSIT);
    }

    function test_OpenBySig_TakesThePayersDepositByEachMethodWhoeverBringsIt() public {
        for (uint256 i = 0; i < methods.length; ++i) {
            uint256 state = vm.snapshotState();
            DepositAuthorization memory authorization = authorized(methods[i]);
            uint256 held = token.balanceOf(payer);
            vm.expectEmit();
            emit IVoucherChannels.Opened(
                channelId, payer, payee, address(token), signer, channel.periods, wordOf(DEPOSIT, 0, 0, 0)
            );
            openBySig(DEPOSIT, authorization);

            assertLane(DEPOSIT, 0, 0, 0);
            vm.assertEq(token.balanceOf(address(channels)), DEPOSIT, "held");
            vm.assertEq(held - token.balanceOf(payer), DEPOSIT, "the payer's");
            vm.revertToState(state);
        }
    }

    function test_OpenBySig_AnswersTheChannelsId() public {
        DepositAuthorization memory authorization = authorized(IFunding.Method.ERC3009);
        vm.assertEq(channels.openBySig(channel, DEPOSIT, authorization), channelId, "id");
    }

    function test_OpenBySig_TakesAWalletsWordByEachMethod() public {
        for (uint256 i = 0; i < methods.length; ++i) {
            payer = address(new OwnedWallet(vm.addr(PAYER_KEY)));
            equip(payer);
            use(address(token));
            openBySig(DEPOSIT, authorized(methods[i]));
            assertLane(DEPOSIT, 0, 0, 0);
        }
        vm.assertEq(token.balanceOf(address(channels)), 2 * DEPOSIT, "held");
    }

    function test_OpenBySig_RevertsWhen_AWalletsWordIsForAnotherWalletOfItsOwner() public {
        for (uint256 i = 0; i < methods.length; ++i) {
            address[2] memory wallets =
                [address(new OwnedWallet(vm.addr(PAYER_KEY))), address(new OwnedWallet(vm.addr(PAYER_KEY)))];
            equip(wallets[0]);
            equip(wallets[1]);
            payer = wallets[0];
            use(address(token));
            DepositAuthorization memory authorization = authorized(methods[i]);
            channel.payer = wallets[1];
            vm.expectRevert(i == 0 ? refusal(methods[i]) : abi.encodeWithSignature("InvalidContractSignature()"));
            openBySig(DEPOSIT, authorization);
        }
    }

    /// @dev An allowance names no channel: with one given, anybody could lock the payer's money in a lane of its own making.
    function test_OpenBySig_RevertsWhen_TheMethodIsAnAllowance() public {
        vm.prank(payer);
        token.approve(address(channels), type(uint256).max);
        DepositAuthorization memory authorization = authorized(IFunding.Method.ERC3009);
        authorization.method = IFunding.Method.ALLOWANCE;
        address[2] memory callers = [stranger, payer];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Deposits.AllowanceIsNoAuthorization.selector));
            vm.prank(callers[i]);
            channels.openBySig(channel, DEPOSIT, authorization);
        }
    }

    /// @dev Whoever comes first can only bring what was signed: not another payee, key, window, amount, salt or time.
    function test_OpenBySig_RevertsWhen_AFrontRunnerChangesAnything() public {
        for (uint256 i = 0; i < methods.length; ++i) {
            DepositAuthorization memory authorization = authorized(methods[i]);
            Channel memory signed_ = channel;
            for (uint256 member = 0; member < 5; ++member) {
                if (member == 2) continue; // another token is asked itself, see below
                bytes memory encoded = abi.encode(signed_);
                encoded[32 * member + 31] ^= 0x01;
                channel = abi.decode(encoded, (Channel));
                refuses(methods[i], DEPOSIT, authorization);
            }
            uint256[2] memory others = [uint256(1) << 128, uint256(1) << 96];
            for (uint256 other = 0; other < 2; ++other) {
                channel = signed_;
                channel.periods ^= others[other];
                refuses(methods[i], DEPOSIT, authorization);
            }
            channel = signed_;
            refuses(methods[i], DEPOSIT + 1, authorization);
            refuses(methods[i], DEPOSIT - 1, authorization);
            authorization.salt += 1;
            refuses(methods[i], DEPOSIT, authorization);
            authorization.salt -= 1;
            authorization.before += 1;
            refuses(methods[i], DEPOSIT, authorization);
        }
    }

    function test_OpenBySig_RevertsWhen_TheAuthorizationIsForSomethingElse() public {
        bytes32 other = channelId ^ bytes32(uint256(1));
        Purpose[5] memory purposes = [
            purposeOf(TOP_UP, 0),
            purposeOf(DEPOSIT_OF_TWO, 0),
            purposeOf(OPEN, 1),
            Purpose(OPEN, other, 0, SALT),
            Purpose(0, channelId, 0, SALT)
        ];
        for (uint256 i = 0; i < methods.length; ++i) {
            for (uint256 j = 0; j < purposes.length; ++j) {
                refuses(methods[i], DEPOSIT, authorizationOf(methods[i], purposes[j], DEPOSIT));
            }
        }
    }

    function test_OpenBySig_RevertsWhen_TheMethodIsNotTheSignedOne() public {
        DepositAuthorization memory authorization = authorized(IFunding.Method.ERC3009);
        authorization.method = IFunding.Method.PERMIT2;
        authorization.signature = bytes.concat(bytes32(NONCE + SALT), authorization.signature);
        refuses(IFunding.Method.PERMIT2, DEPOSIT, authorization);
    }

    function test_OpenBySig_RevertsOnAnotherChainOrContract() public {
        for (uint256 i = 0; i < methods.length; ++i) {
            DepositAuthorization memory authorization = authorized(methods[i]);
            vm.chainId(block.chainid + 1);
            refuses(methods[i], DEPOSIT, authorization);
            vm.chainId(block.chainid - 1);
            IVoucherChannels twin = IVoucherChannels(vm.deployCode("chain/artifacts/VoucherChannels.json"));
            vm.expectRevert(refusal(methods[i]));
            twin.openBySig(channel, DEPOSIT, authorization);
        }
    }

    /// @dev An authorization that was never used for its epoch is dead with it, and so is one that was.
    function test_OpenBySig_RevertsWhen_TheEpochHasPassed() public {
        for (uint256 i = 0; i < methods.length; ++i) {
            uint256 state = vm.snapshotState();
            DepositAuthorization memory unused = authorized(methods[i]);
            Purpose memory other = Purpose(OPEN, channelId, 0, SALT + 1);
            openBySig(DEPOSIT, authorizationOf(methods[i], other, DEPOSIT));
            vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.AlreadyOpen.selector, channelId));
            openBySig(DEPOSIT, unused);
            close(0, 0, 0);
            refuses(methods[i], DEPOSIT, unused);
            DepositAuthorization memory used = authorizationOf(methods[i], other, DEPOSIT);
            vm.expectRevert(i == 0 ? refusal(methods[i]) : abi.encodeWithSignature("InvalidNonce()"));
            openBySig(DEPOSIT, used);
            openBySig(DEPOSIT, authorizationOf(methods[i], purposeOf(OPEN, 1), DEPOSIT));
            assertLane(DEPOSIT, 0, 0, 1);
            vm.revertToState(state);
        }
    }

    function test_OpenBySig_RevertsWhen_TheLaneIsClosing() public {
        openBySig(DEPOSIT, authorized(IFunding.Method.ERC3009));
        requestClose();
        DepositAuthorization memory again = authorizationOf(IFunding.Method.PERMIT2, purposeOf(OPEN, 0), DEPOSIT);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.AlreadyOpen.selector, channelId));
        openBySig(DEPOSIT, again);
        assertLane(DEPOSIT, 0, NOW + WINDOW, 0);
    }

    function test_OpenBySig_AsksForTheSameChannelAsOpen() public {
        DepositAuthorization memory authorization = authorized(IFunding.Method.ERC3009);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.InvalidAmount.selector));
        openBySig(0, authorization);
        channel.payee = payer;
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.InvalidPayee.selector, payer));
        openBySig(DEPOSIT, authorization);
        channel.payee = payee;
        channel.signer = address(0);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannels.InvalidSigner.selector, address(0)));
        openBySig(DEPOSIT, authorization);
        channel.signer = signer;
        channel.periods = periods(WINDOW, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(Periods.InvalidPeriod.selector, 1, 15 minutes, 365 days));
        openBySig(DEPOSIT, authorization);
    }

    /// @dev The last second is the one before, by either method: Permit2's own deadline would be a second that still counts.
    function test_OpenBySig_RevertsWhen_TheTimeHasPassed() public {
        for (uint256 i = 0; i < methods.length; ++i) {
            uint256 state = vm.snapshotState();
            DepositAuthorization memory authorization = authorized(methods[i]);
            for (uint256 time = BEFORE; time <= uint256(BEFORE) + 1; ++time) {
                vm.warp(time);
                vm.expectRevert(abi.encodeWithSelector(Deadline.DeadlinePassed.selector, time, BEFORE));
                openBySig(DEPOSIT, authorization);
            }
            vm.warp(BEFORE - 1);
            openBySig(DEPOSIT, authorization);
            assertLane(DEPOSIT, 0, 0, 0);
            vm.revertToState(state);
        }
    }

    function test_OpenBySig_RevertsWhen_ThereIsNoTokenToBeAuthorized() public {
        address[2] memory tokens = [NATIVE, address(0xDEAD)];
        for (uint256 i = 0; i < methods.length; ++i) {
            for (uint256 j = 0; j < tokens.length; ++j) {
                channel.token = tokens[j];
                vm.expectRevert(abi.encodeWithSelector(IFunding.TokenHasNoCode.selector, tokens[j]));
                openBySig(DEPOSIT, DepositAuthorization(methods[i], SALT, BEFORE, new bytes(97)));
            }
        }
    }

    /// @dev WETH and others answer a call of a function that they don't have as if it had worked.
    function test_OpenBySig_RevertsWhen_TheTokenSwallowsTheCall() public {
        address phantom = address(new PhantomToken());
        channel.token = phantom;
        for (uint256 length = 64; length <= 65; ++length) {
            vm.expectRevert(abi.encodeWithSelector(IFunding.InexactTransfer.selector, phantom, 0, DEPOSIT));
            openBySig(DEPOSIT, DepositAuthorization(IFunding.Method.ERC3009, SALT, BEFORE, new bytes(length)));
        }
    }

    function test_OpenBySig_RevertsWhen_ThereIsNoPermit2OrNoNonce() public {
        DepositAuthorization memory authorization = authorized(IFunding.Method.PERMIT2);
        vm.expectRevert("");
        openBySig(DEPOSIT, DepositAuthorization(IFunding.Method.PERMIT2, SALT, BEFORE, new bytes(31)));
        vm.etch(Permit2.PLACE, "");
        vm.expectRevert("");
        openBySig(DEPOSIT, authorization);
    }

    /// @dev The signature names the contract as receiver, so nobody can bring it to the token around it.
    function test_OpenBySig_CannotBeDivertedAroundTheContract() public {
        DepositAuthorization memory authorization = authorized(IFunding.Method.ERC3009);
        bytes32 funding = keccak256(
            abi.encode(
                kindOf("Funding(uint8 kind,bytes32 channelId,uint32 epoch,uint96 salt)"), OPEN, channelId, 0, SALT
            )
        );
        bytes32 nonce = typedData(separatorOf(block.chainid, address(channels)), funding);
        vm.expectRevert(abi.encodeWithSignature("ERC20InvalidReceiver(address)", address(channels)));
        vm.prank(stranger);
        token.receiveWithAuthorization(payer, address(channels), DEPOSIT, 0, BEFORE, nonce, authorization.signature);
    }

    function refuses(IFunding.Method method, uint96 amount, DepositAuthorization memory authorization) private {
        vm.expectRevert(refusal(method));
        openBySig(amount, authorization);
    }
}
