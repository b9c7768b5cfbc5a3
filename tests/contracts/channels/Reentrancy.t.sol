// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {ChannelsCase} from "../support/ChannelsCase.sol";
import {vm} from "../support/Vm.sol";

/// @notice A party that calls back whenever its money moves: into every verb, while it is paid and while it pays.
contract ReentrancyTest is ChannelsCase {
    bytes4 private constant REENTRANCY = bytes4(keccak256("Reentrancy()"));
    uint96 private constant TAKE = 300;

    MoodyParty private _party;
    MoodyToken private _moody;
    bytes[] private _attacks;

    function setUp() public override {
        _party = new MoodyParty();
        payer = address(_party);
        super.setUp();
        _moody = moodyToken();
        use(address(_moody));
        open(DEPOSIT);
        _moody.hook(payer);
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY, channelId, 0, TAKE);
        _attacks.push(abi.encodeCall(channels.claim, (channel, 0, TAKE, r, vs)));
        _attacks.push(abi.encodeCall(channels.claimMany, (new IVoucherChannels.Batch[](0))));
        _attacks.push(abi.encodeCall(channels.close, (channel, 0, TAKE, TAKE, r, vs)));
        _attacks.push(abi.encodeCall(channels.withdraw, (channel)));
        _attacks.push(abi.encodeCall(channels.withdrawCredit, (address(_moody), stranger)));
        _attacks.push(abi.encodeCall(channels.pushCredit, (address(_moody), payer)));
    }

    function test_Reentrancy_FromATokenThatIsPulled() public {
        _addFunding();
        for (uint256 i = 0; i < _attacks.length; ++i) {
            uint256 state = vm.snapshotState();
            _party.plan(address(channels), _attacks[i]);
            topUp(1);
            _assertRefused();
            vm.revertToState(state);
        }
    }

    function test_Reentrancy_FromATokenThatIsPushed() public {
        _addFunding();
        for (uint256 i = 0; i < _attacks.length; ++i) {
            uint256 state = vm.snapshotState();
            _party.plan(address(channels), _attacks[i]);
            close(0, TAKE, TAKE);
            _assertRefused();
            vm.assertEq(_moody.balanceOf(payee), TAKE, "payee");
            vm.assertEq(_moody.balanceOf(address(channels)), 1, "the other lane's deposit is left");
            vm.revertToState(state);
        }
    }

    function test_Reentrancy_FromEachVerbThatPays() public {
        for (uint256 verb = 0; verb < 4; ++verb) {
            uint256 state = vm.snapshotState();
            payee = address(new MoodyParty());
            use(address(_moody));
            open(DEPOSIT);
            _moody.hook(payee);
            _party = MoodyParty(payable(verb == 3 ? payer : payee));
            _party.plan(address(channels), _attacks[1]);
            _pay(verb);
            _assertRefused();
            vm.revertToState(state);
        }
    }

    function test_Reentrancy_FromACredit() public {
        for (uint256 verb = 0; verb < 2; ++verb) {
            uint256 state = vm.snapshotState();
            _moody.be(MoodyToken.Mood.REVERTS);
            close(0, TAKE, TAKE);
            _moody.be(MoodyToken.Mood.PLAIN);
            _party.plan(address(channels), _attacks[5]);
            if (verb == 0) channels.pushCredit(address(_moody), payer);
            if (verb == 1) {
                _party.act(address(channels), 0, abi.encodeCall(channels.withdrawCredit, (address(_moody), payer)));
            }
            _assertRefused();
            vm.revertToState(state);
        }
    }

    function test_Reentrancy_FromNativeMoney() public {
        use(NATIVE);
        open(DEPOSIT);
        for (uint256 i = 0; i < _attacks.length; ++i) {
            uint256 state = vm.snapshotState();
            _party.plan(address(channels), _attacks[i]);
            close(0, TAKE, TAKE);
            _assertRefused();
            vm.assertEq(payee.balance, TAKE, "payee");
            vm.assertEq(address(channels).balance, 0, "nothing is left");
            vm.revertToState(state);
        }
    }

    /// @dev What is not guarded finds the state final: the lane is closed already.
    function test_Reentrancy_IntoAnUnguardedVerbFindsTheLaneClosed() public {
        bytes[2] memory data =
            [abi.encodeCall(channels.requestClose, (channel)), abi.encodeCall(channels.cancelClose, (channel))];
        for (uint256 i = 0; i < data.length; ++i) {
            uint256 state = vm.snapshotState();
            _party.plan(address(channels), data[i]);
            close(0, TAKE, TAKE);
            vm.assertTrue(_party.tried() && !_party.succeeded(), "refused");
            vm.assertEq(bytes32(_party.refusal()), bytes32(IVoucherChannels.NotOpen.selector), "not open");
            vm.revertToState(state);
        }
    }

    /// @dev Two pulls at once would see each other's money; the second lane stays open whatever becomes of the first.
    function _addFunding() private {
        channel.periods += 1;
        open(1);
        _attacks.push(abi.encodeCall(channels.topUp, (channel, 1)));
        channel.periods += 1;
        _attacks.push(abi.encodeCall(channels.open, (channel, 1)));
        channel.periods -= 2;
    }

    function _pay(uint256 verb) private {
        if (verb == 0) claim(0, TAKE);
        if (verb == 1) {
            IVoucherChannels.Batch[] memory batches = batchOf(1);
            batches[0].claims[0] = rowOf(SIGNER_KEY, signer, 1, channelId, 0, TAKE);
            channels.claimMany(batches);
        }
        if (verb == 2) close(0, TAKE, TAKE);
        if (verb == 3) {
            requestClose();
            vm.warp(NOW + WINDOW);
            channels.withdraw(channel);
        }
    }

    function _assertRefused() private view {
        vm.assertTrue(_party.tried() && !_party.succeeded(), "refused");
        vm.assertEq(bytes32(_party.refusal()), bytes32(REENTRANCY), "by the guard");
    }
}
