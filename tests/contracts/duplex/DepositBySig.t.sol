// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {DepositAuthorization} from "../../../contracts/types/ChannelFunding.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {OwnedWallet} from "../mocks/OwnedWallet.sol";
import {DuplexFundingCase} from "../support/DuplexFundingCase.sol";
import {vm} from "../support/Vm.sol";

contract DepositBySigTest is DuplexFundingCase {
    function test_DepositBySig_AddsToThePartysOwnWhoeverBringsIt() public {
        for (uint256 i = 0; i < 2; ++i) {
            uint256 state = vm.snapshotState();
            depositBySig(methods()[i], true, 0, DEPOSIT_A);
            depositBySig(methods()[i], false, 0, DEPOSIT_B);
            assertDuplex(DEPOSIT_A, DEPOSIT_B, 0);
            assertBack(0, 0);
            vm.revertToState(state);
        }
    }

    function test_DepositBySig_StartsAnEpochAsADepositDoes() public {
        DepositAuthorization memory given = consentOf(IFunding.Method.ERC3009, false, 0, DEPOSIT_B);
        vm.expectEmit();
        emit IDuplexChannels.Opened(channelId, partyA, partyB, address(token), signerA, signerB, channel.periods);
        vm.expectEmit();
        emit IDuplexChannels.Deposited(channelId, wordOf(0, DEPOSIT_B, 0));
        bring(0, false, DEPOSIT_B, given);
    }

    function test_DepositBySig_MovesNothingTwice() public {
        DepositAuthorization memory given = consentOf(IFunding.Method.ERC3009, true, 0, DEPOSIT_A);
        bring(0, true, DEPOSIT_A, given);
        bytes32 nonce = digestOf(FUNDING, fundingWords(0));
        bytes memory used = abi.encodeWithSignature("ERC3009UsedAuthorization(address,bytes32)", partyA, nonce);
        refuses(used, 0, true, DEPOSIT_A, given);

        given = consentOf(IFunding.Method.PERMIT2, true, 0, DEPOSIT_A);
        bring(0, true, DEPOSIT_A, given);
        refuses(abi.encodeWithSignature("InvalidNonce()"), 0, true, DEPOSIT_A, given);
        assertDuplex(2 * DEPOSIT_A, 0, 0);
    }

    /// @dev Signed for one that differs in the lowest bit: kind, channel, epoch, salt.
    function test_DepositBySig_RevertsWhen_ItWasSignedForSomethingElse() public {
        for (uint256 i = 0; i < 2; ++i) {
            IFunding.Method method = methods()[i];
            for (uint256 word = 0; word < 4; ++word) {
                bytes memory words = flip(fundingWords(0), word);
                bytes32 digest = consentDigest(method, partyA, DEPOSIT_A, words, BEFORE);
                refuses(refusalOf(method), 0, true, DEPOSIT_A, authorizationOf(method, PARTY_KEY_A, digest));
            }
        }
    }

    function test_DepositBySig_RevertsWhen_ThePartyOrTheAmountOrTheTimeIsAnother() public {
        for (uint256 i = 0; i < 2; ++i) {
            IFunding.Method method = methods()[i];
            bytes memory reason = refusalOf(method);
            DepositAuthorization memory given = consentOf(method, true, 0, DEPOSIT_A);
            refuses(reason, 0, false, DEPOSIT_A, given);
            refuses(reason, 0, true, DEPOSIT_A + 1, given);
            refuses(reason, 0, true, DEPOSIT_A - 1, given);
            ++given.before;
            refuses(reason, 0, true, DEPOSIT_A, given);
            --given.before;
            ++given.salt;
            refuses(reason, 0, true, DEPOSIT_A, given);
            --given.salt;
            bring(0, true, DEPOSIT_A, given);
        }
    }

    /// @dev What was signed for this channel funds no other of the same parties, nor the other way round.
    function test_DepositBySig_RevertsWhen_AnyMemberOfTheChannelIsAnother() public {
        for (uint256 i = 0; i < 2; ++i) {
            IFunding.Method method = methods()[i];
            DepositAuthorization memory given = consentOf(method, true, 0, DEPOSIT_A);
            uint256 state = vm.snapshotState();
            channel.periods += 1;
            refuses(refusalOf(method), 0, true, DEPOSIT_A, given);
            channel.signerB = stranger;
            refuses(refusalOf(method), 0, true, DEPOSIT_A, given);
            channel.partyB = stranger;
            refuses(refusalOf(method), 0, true, DEPOSIT_A, given);
            vm.revertToState(state);
        }
    }

    function test_DepositBySig_RevertsWhen_TheChainOrTheContractIsAnother() public {
        for (uint256 i = 0; i < 2; ++i) {
            uint256 state = vm.snapshotState();
            IFunding.Method method = methods()[i];
            DepositAuthorization memory given = consentOf(method, true, 0, DEPOSIT_A);
            vm.chainId(block.chainid + 1);
            refuses(refusalOf(method), 0, true, DEPOSIT_A, given);
            vm.chainId(block.chainid - 1);
            vm.etch(stranger, address(duplexes).code);
            vm.expectRevert(refusalOf(method));
            IDuplexChannels(stranger).depositBySig(channel, 0, true, DEPOSIT_A, given);
            vm.revertToState(state);
        }
    }

    /// @dev An allowance says nothing about a channel.
    function test_DepositBySig_RevertsWhen_OnlyAnAllowanceIsThere() public {
        vm.prank(partyA);
        token.approve(address(duplexes), type(uint256).max);
        DepositAuthorization memory given = consentOf(IFunding.Method.ERC3009, true, 0, DEPOSIT_A);
        given.method = IFunding.Method.ALLOWANCE;
        refuses(abi.encodeWithSignature("AllowanceIsNoAuthorization()"), 0, true, DEPOSIT_A, given);
    }

    /// @dev Permit2 by itself would still take that second.
    function test_DepositBySig_CountsUntilTheSecondBeforeItsTime() public {
        for (uint256 i = 0; i < 2; ++i) {
            DepositAuthorization memory given = consentOf(methods()[i], true, 0, DEPOSIT_A);
            for (uint256 time = BEFORE; time <= BEFORE + 1; ++time) {
                vm.warp(time);
                refuses(deadlinePassed(time, BEFORE), 0, true, DEPOSIT_A, given);
            }
            vm.warp(BEFORE - 1);
            bring(0, true, DEPOSIT_A, given);
        }
        assertDuplex(2 * DEPOSIT_A, 0, 0);
    }

    function test_DepositBySig_AsksForTheSameAsADeposit() public {
        for (uint256 i = 0; i < 2; ++i) {
            uint256 state = vm.snapshotState();
            IFunding.Method method = methods()[i];
            bytes memory none = abi.encodeWithSelector(IDuplexChannels.InvalidAmount.selector);
            refuses(none, 0, true, 0, consentOf(method, true, 0, 0));
            refuses(wrongEpoch(1, 0), 1, true, 1, consentOf(method, true, 1, 1));
            channel.partyB = partyA;
            bytes memory same = abi.encodeWithSelector(IDuplexChannels.InvalidParty.selector, partyA);
            refuses(same, 0, true, 1, consentOf(method, true, 0, 1));
            vm.revertToState(state);
        }
    }

    /// @dev Whoever kept an authorization back can't use it for the next epoch, by either name of that.
    function test_DepositBySig_OfAnEndedEpochIsDead() public {
        for (uint256 i = 0; i < 2; ++i) {
            uint256 state = vm.snapshotState();
            IFunding.Method method = methods()[i];
            DepositAuthorization memory given = consentOf(method, true, 0, 5);
            depositBySig(IFunding.Method.ERC3009, false, 0, DEPOSIT_B);
            closeTogether(0);
            refuses(wrongEpoch(0, 1), 0, true, 5, given);
            refuses(refusalOf(method), 1, true, 5, given);
            vm.revertToState(state);
        }
    }

    function test_DepositBySig_RevertsWhen_ThereIsNoToken() public {
        address[2] memory tokens = [NATIVE, address(0xDEAD)];
        for (uint256 i = 0; i < tokens.length; ++i) {
            use(tokens[i]);
            DepositAuthorization memory given = DepositAuthorization(methods()[i], SALT, BEFORE, new bytes(97));
            refuses(abi.encodeWithSelector(IFunding.TokenHasNoCode.selector, tokens[i]), 0, true, 1, given);
        }
    }

    function test_DepositBySig_RevertsWhen_LessArrives() public {
        MoodyToken moody = moodyToken();
        use(address(moody));
        moody.be(MoodyToken.Mood.FEE_ON_ARRIVAL);
        DepositAuthorization memory given = DepositAuthorization(IFunding.Method.ERC3009, SALT, BEFORE, new bytes(65));
        bytes memory reason = abi.encodeWithSelector(
            IFunding.InexactTransfer.selector, address(moody), DEPOSIT_A - moody.FEE(), DEPOSIT_A
        );
        refuses(reason, 0, true, DEPOSIT_A, given);
    }

    function test_DepositBySig_TakesAWalletsSignatureByEachMethod() public {
        partyA = address(new OwnedWallet(vm.addr(PARTY_KEY_A)));
        token.mint(partyA, PURSE);
        allowOnlyPermit2(partyA);
        use(address(token));
        bytes32 digest = consentDigest(IFunding.Method.ERC3009, partyA, DEPOSIT_A, fundingWords(0), BEFORE);
        (bytes32 r, bytes32 vs) = sign(PARTY_KEY_A, digest);
        bring(0, true, DEPOSIT_A, DepositAuthorization(IFunding.Method.ERC3009, SALT, BEFORE, bytes.concat(r, vs)));
        depositBySig(IFunding.Method.PERMIT2, true, 0, DEPOSIT_A);
        assertDuplex(2 * DEPOSIT_A, 0, 0);
    }

    function test_DepositBySig_IsLegalInAFight() public {
        depositBySig(IFunding.Method.ERC3009, true, 0, DEPOSIT_A);
        challenge(partyA, stateOf(1, 100));
        depositBySig(IFunding.Method.PERMIT2, false, 0, DEPOSIT_B);
        vm.warp(OVER);
        payOut();
        assertBack(DEPOSIT_A - 100, DEPOSIT_B + 100);
    }
}
