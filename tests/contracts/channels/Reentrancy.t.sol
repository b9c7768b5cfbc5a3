// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {DepositAuthorization} from "../../../contracts/types/ChannelFunding.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {LaneWaysIn} from "../support/LaneWaysIn.sol";
import {vm} from "../support/Vm.sol";

/// @notice Parties that call back whenever their money moves: into every verb, while they are paid and while they pay.
contract ReentrancyTest is LaneWaysIn {
    bytes4 private constant REENTRANCY = bytes4(keccak256("Reentrancy()"));

    MoodyParty private _payee;
    bytes[] private _attacks;

    /// @dev Both parties are contracts; the payee's key signs as before.
    function setUp() public override {
        super.setUp();
        vm.etch(payee, address(party).code);
        _payee = MoodyParty(payable(payee));
        hook(moody);
        prepare();
    }

    function hook(MoodyToken token_) private {
        token_.hook(payer);
        token_.hook(payee);
    }

    /// @dev The guard is met before any right is asked for.
    function prepare() private {
        delete _attacks;
        for (uint256 verb = 0; verb < VERBS; ++verb) {
            (, bytes memory data) = callOf(Verb(verb));
            _attacks.push(data);
        }
        DepositAuthorization memory yes = DepositAuthorization(IFunding.Method.ERC3009, 0, LATEST, new bytes(65));
        _attacks.push(abi.encodeCall(channels.openBySig, (channel, 1, yes)));
        _attacks.push(abi.encodeCall(channels.topUpBySig, (channel, 1, yes)));
        _attacks.push(abi.encodeCall(channels.withdrawCredit, (channel.token, stranger)));
        _attacks.push(abi.encodeCall(channels.pushCredit, (channel.token, payer)));
    }

    /// @dev While either is paid; who is paid second finds the guard still there.
    function attack(Verb verb, bytes memory data, bytes4 reason) private {
        uint256 state = vm.snapshotState();
        ready(verb);
        party.plan(address(channels), data);
        _payee.plan(address(channels), data);
        uint256 held = balanceOf(address(channels));
        run(verb);
        (uint256 toPayee, uint256 toPayer) = due(verb);
        if (toPayee != 0) assertRefused(_payee, reason);
        if (toPayer != 0) assertRefused(party, reason);
        vm.assertEq(held - balanceOf(address(channels)), toPayee + toPayer, "what was due");
        vm.revertToState(state);
    }

    function assertRefused(MoodyParty mallory, bytes4 reason) private view {
        vm.assertTrue(mallory.tried() && !mallory.succeeded(), "refused");
        vm.assertEq(bytes32(mallory.refusal()), bytes32(reason), "reason");
    }

    function test_Reentrancy_FromATokenThatIsPushedByEveryVerb() public {
        for (uint256 verb = 0; verb < VERBS; ++verb) {
            for (uint256 i = 0; i < _attacks.length; ++i) {
                attack(Verb(verb), _attacks[i], REENTRANCY);
            }
        }
    }

    function test_Reentrancy_FromNativeMoneyThatIsPushedByEveryVerb() public {
        use(NATIVE);
        prepare();
        for (uint256 verb = 0; verb < VERBS; ++verb) {
            for (uint256 i = 0; i < _attacks.length; ++i) {
                attack(Verb(verb), _attacks[i], REENTRANCY);
            }
        }
    }

    /// @dev Two pulls at once would see each other's money. The payer itself calls: its rights can't be what refuses it.
    function test_Reentrancy_FromATokenThatIsPulledByEveryWayIn() public {
        channel.periods += 1;
        _attacks.push(abi.encodeCall(channels.open, (channel, 1)));
        channel.periods += 1;
        open(1);
        _attacks.push(abi.encodeCall(channels.topUp, (channel, 1)));
        channel.periods -= 2;
        for (uint256 way = 0; way < WAYS; ++way) {
            for (uint256 i = 0; i < _attacks.length; ++i) {
                uint256 state = vm.snapshotState();
                (address caller, bytes memory data) = bring(WayIn(way));
                party.plan(address(channels), _attacks[i]);
                vm.prank(caller);
                (bool success,) = address(channels).call(data);
                vm.assertTrue(success, "brought");
                assertRefused(party, REENTRANCY);
                vm.revertToState(state);
            }
        }
    }

    function test_Reentrancy_FromACredit() public {
        for (uint256 i = 0; i < _attacks.length; ++i) {
            uint256 state = vm.snapshotState();
            open(DEPOSIT);
            moody.be(MoodyToken.Mood.REVERTS);
            run(Verb.CLOSE);
            moody.be(MoodyToken.Mood.PLAIN);
            _payee.plan(address(channels), _attacks[i]);
            channels.pushCredit(address(moody), payee);
            assertRefused(_payee, REENTRANCY);
            party.plan(address(channels), _attacks[i]);
            party.act(address(channels), 0, abi.encodeCall(channels.withdrawCredit, (address(moody), payer)));
            assertRefused(party, REENTRANCY);
            vm.revertToState(state);
        }
    }

    /// @dev What is not guarded finds the state final: whoever is paid by an end, the lane is gone already.
    function test_Reentrancy_IntoAnUnguardedVerbFindsTheLaneEnded() public {
        bytes[2] memory data =
            [abi.encodeCall(channels.requestClose, (channel)), abi.encodeCall(channels.cancelClose, (channel))];
        Verb[4] memory ends = [Verb.CLOSE, Verb.WITHDRAW, Verb.CLOSE_BY_SIG, Verb.WITHDRAW_KEEPING];
        for (uint256 i = 0; i < ends.length; ++i) {
            for (uint256 j = 0; j < data.length; ++j) {
                uint256 state = vm.snapshotState();
                ready(ends[i]);
                party.plan(address(channels), data[j]);
                run(ends[i]);
                assertRefused(party, IVoucherChannels.NotOpen.selector);
                vm.revertToState(state);
            }
        }
    }

    /// @dev Neither needs the guard: a pull is measured by the token's balance alone, and the deposit stands in the lane before.
    function test_Reentrancy_IntoAnUnguardedVerbDisturbsNoPull() public {
        bytes[2] memory data = [
            abi.encodeCall(channels.requestClose, (channel)),
            abi.encodeCall(channels.record, (channelId, 0, promised(), DATA, abi.encode(TAKE)))
        ];
        for (uint256 way = 0; way < WAYS; ++way) {
            for (uint256 i = 0; i < data.length; ++i) {
                uint256 state = vm.snapshotState();
                (address caller, bytes memory funding) = bring(WayIn(way));
                party.plan(address(channels), data[i]);
                vm.prank(caller);
                (bool success,) = address(channels).call(funding);
                vm.assertTrue(success && party.succeeded(), "both");
                uint256 deposit = AMOUNT + (topsUp(WayIn(way)) ? DEPOSIT : 0);
                assertLane(deposit, 0, i == 0 ? CLOSES_AT : 0, 0);
                vm.assertEq(channels.recordedOf(subjectOf(0, promised())), i == 0 ? 0 : TAKE, "recorded");
                vm.assertEq(moody.balanceOf(address(channels)), deposit, "held");
                vm.revertToState(state);
            }
        }
    }
}
