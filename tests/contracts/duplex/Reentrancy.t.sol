// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDuplexChannels} from "../../../contracts/interfaces/IDuplexChannels.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {DepositAuthorization} from "../../../contracts/types/ChannelFunding.sol";
import {DuplexChannel} from "../../../contracts/types/DuplexChannel.sol";
import {Signatures, State} from "../../../contracts/types/DuplexMessages.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {DuplexPayouts} from "../support/DuplexPayouts.sol";
import {vm} from "../support/Vm.sol";

/// @notice A party that calls back whenever its money moves: into every verb, while it pays and while it is paid.
contract DuplexReentrancyTest is DuplexPayouts {
    bytes4 private constant REENTRANCY = bytes4(keccak256("Reentrancy()"));

    MoodyParty private _mallory;
    MoodyToken private _moody;

    function setUp() public override {
        _mallory = new MoodyParty();
        partyA = address(_mallory);
        super.setUp();
        _moody = moodyToken();
        _moody.hook(partyA);
        begin(address(_moody));
    }

    function test_Reentrancy_LetsNobodyInWhileAPartyIsPaid() public {
        for (uint256 verb = 0; verb < PAYOUTS; ++verb) {
            letsNobodyIn(Payout(verb), true);
        }
    }

    /// @dev A deposit of native money may come in: nothing of ours is measured then.
    function test_Reentrancy_LetsNobodyInWhileAPartyIsPaidNativeMoney() public {
        begin(NATIVE);
        for (uint256 verb = 0; verb < PAYOUTS; ++verb) {
            letsNobodyIn(Payout(verb), false);
        }
    }

    /// @dev Two pulls at once would see each other's money.
    function test_Reentrancy_LetsNobodyInWhileAPartyDeposits() public {
        bytes[] memory attacks = guarded(true);
        for (uint256 i = 0; i < 2 * attacks.length; ++i) {
            uint256 state = vm.snapshotState();
            _mallory.plan(address(duplexes), attacks[i / 2]);
            if (i % 2 == 0) deposit(partyA, 0, 5);
            else duplexes.depositBySig(channel, 0, true, 5, consent());
            assertRefused(REENTRANCY);
            assertDuplex(DEPOSIT_A + 5, DEPOSIT_B, 0);
            vm.revertToState(state);
        }
    }

    function test_Reentrancy_LetsNobodyInWhileACreditIsSent() public {
        for (uint256 verb = 0; verb < 2; ++verb) {
            uint256 state = vm.snapshotState();
            _moody.be(MoodyToken.Mood.REVERTS);
            closeTogether(NET);
            _moody.be(MoodyToken.Mood.PLAIN);
            bytes memory attack = abi.encodeCall(duplexes.pushCredit, (address(_moody), partyA));
            _mallory.plan(address(duplexes), attack);
            if (verb == 0) {
                duplexes.pushCredit(address(_moody), partyA);
            } else {
                _mallory.act(address(duplexes), 0, abi.encodeCall(duplexes.withdrawCredit, (address(_moody), partyA)));
            }
            assertRefused(REENTRANCY);
            vm.assertEq(_moody.balanceOf(partyA), PURSE - uint256(NET), "once");
            vm.revertToState(state);
        }
    }

    /// @dev What isn't guarded moves no money, and finds the state final: the epoch is over already.
    function test_Reentrancy_IntoAnUnguardedVerbFindsTheEpochOver() public {
        Payout[3] memory ends = [Payout.CLOSE, Payout.WITHDRAW, Payout.PAY_OUT];
        for (uint256 i = 0; i < 3 * ends.length; ++i) {
            uint256 state = vm.snapshotState();
            Payout verb = ends[i / 3];
            ready(verb);
            _mallory.plan(address(duplexes), unguarded()[i % 3]);
            run(verb);
            bool open_ = verb == Payout.WITHDRAW;
            assertRefused(open_ ? IDuplexChannels.WrongEpoch.selector : IDuplexChannels.NotOpen.selector);
            vm.revertToState(state);
        }
    }

    /// @dev It starts the next epoch's fight, for what stayed, while it is paid what didn't.
    function test_Reentrancy_OfAChallengeWhileAWithdrawalIsPaidIsOfTheNextEpoch() public {
        bytes memory attack = abi.encodeCall(duplexes.challenge, (channel, State(1, 0, 0, 0), Signatures(0, 0, 0, 0)));
        _mallory.plan(address(duplexes), attack);
        run(Payout.WITHDRAW);
        vm.assertTrue(_mallory.succeeded(), "challenged");
        assertDuplex(DEPOSIT_A - 120, DEPOSIT_B + 70, 1);
        vm.warp(OVER);
        payOut();
        assertBack(DEPOSIT_A - 100, DEPOSIT_B + 100);
    }

    /// @dev A record and a fight within a deposit's transfer: neither has anything to do with the money in flight.
    function test_Reentrancy_OfAChallengeWhileADepositIsPulledIsOfTheWholeDeposit() public {
        bytes memory attack = abi.encodeCall(duplexes.challenge, (channel, State(0, 0, 0, 0), Signatures(0, 0, 0, 0)));
        _mallory.plan(address(duplexes), attack);
        deposit(partyA, 0, 5);
        vm.assertTrue(_mallory.succeeded(), "challenged");
        vm.warp(OVER);
        payOut();
        assertBack(DEPOSIT_A, DEPOSIT_B);
    }

    function letsNobodyIn(Payout verb, bool depositsToo) private {
        uint256 first = vm.snapshotState();
        ready(verb);
        bytes[] memory attacks = guarded(depositsToo);
        (uint256 toA, uint256 toB) = due(verb);
        for (uint256 i = 0; i < attacks.length; ++i) {
            uint256 state = vm.snapshotState();
            uint256 before = balanceOf(address(duplexes));
            _mallory.plan(address(duplexes), attacks[i]);
            run(verb);
            assertRefused(REENTRANCY);
            vm.assertEq(balanceOf(address(duplexes)), before - toA - toB, "paid once");
            vm.revertToState(state);
        }
        vm.revertToState(first);
    }

    /// @dev The guard is met before anything that is sent is looked at; a deposit could be made in another channel.
    function guarded(bool depositsToo) private view returns (bytes[] memory attacks) {
        attacks = new bytes[](depositsToo ? 9 : 8);
        for (uint256 i = 0; i < PAYOUTS; ++i) {
            attacks[i] = dataOf(Payout(i));
        }
        attacks[5] = abi.encodeCall(duplexes.withdrawCredit, (channel.token, stranger));
        attacks[6] = abi.encodeCall(duplexes.pushCredit, (channel.token, partyA));
        attacks[7] = abi.encodeCall(duplexes.depositBySig, (channel, epochNow(), true, 1, consent()));
        if (!depositsToo) return attacks;
        DuplexChannel memory other = channel;
        other.periods += 1;
        attacks[8] = abi.encodeCall(duplexes.deposit, (other, 0, 1));
    }

    function unguarded() private view returns (bytes[3] memory) {
        State memory state = State(0, 2, 700, 0);
        (bytes32 r, bytes32 vs) = sign(KEY_A, digestOf(CHALLENGE, abi.encode(channelId, 0, 2, LATEST)));
        return [
            abi.encodeCall(duplexes.challenge, (channel, state, signed(state))),
            abi.encodeCall(duplexes.answer, (channel, state, signed(state))),
            abi.encodeCall(duplexes.challengeBySig, (channel, state, signed(state), true, LATEST, r, vs))
        ];
    }

    function consent() private pure returns (DepositAuthorization memory) {
        return DepositAuthorization(IFunding.Method.ERC3009, 1, LATEST, new bytes(65));
    }

    function assertRefused(bytes4 reason) private view {
        vm.assertTrue(_mallory.tried() && !_mallory.succeeded(), "refused");
        vm.assertEq(bytes32(_mallory.refusal()), bytes32(reason), "by name");
    }
}
