// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {EveryVerb} from "../support/EveryVerb.sol";
import {EveryWayIn} from "../support/EveryWayIn.sol";
import {vm} from "../support/Vm.sol";

/// @notice The payer is called while its money is pulled, and tries every verb, on this payment and on another.
contract ReentrantFundingTest is EveryVerb, EveryWayIn {
    bytes4 private constant REENTRANCY = bytes4(keccak256("Reentrancy()"));
    uint96 private constant OTHER = 900;

    MoodyParty private mallory;

    /// @dev Mallory is payer and operator. The guard is met before any right is asked for.
    function setUp() public override(EveryVerb, EveryWayIn) {
        EveryWayIn.setUp();
        mallory = new MoodyParty();
        (payer, operator) = (address(mallory), address(mallory));
        (terms.payer, terms.operator, terms.arbiter) = (payer, operator, address(0));
        (terms.rulingPeriod, terms.flags) = (0, 0);
        terms.salt = OTHER;
        authorized();
        terms.salt = 1;
        vm.warp(START);
    }

    function attacksOn(uint96 salt) private returns (bytes[16] memory attacks) {
        uint96 own = terms.salt;
        terms.salt = salt;
        attacks = [
            abi.encodeCall(escrow.capture, (terms, 0)),
            abi.encodeCall(escrow.release, (terms, 0)),
            abi.encodeCall(escrow.releaseBySig, (terms, 0, LATEST, "")),
            abi.encodeCall(escrow.void, (terms, 0)),
            abi.encodeCall(escrow.voidBySig, (terms, 0, LATEST, "")),
            abi.encodeCall(escrow.resolve, (terms, "", "")),
            abi.encodeCall(escrow.expire, (terms)),
            abi.encodeCall(escrow.rule, (terms, 0)),
            abi.encodeCall(escrow.ruleBySig, (terms, 0, "")),
            abi.encodeCall(escrow.settle, (terms, 0, LATEST, "", "")),
            abi.encodeCall(IEscrow.amend, (terms, terms, amendment, new bytes[](4), method, "")),
            abi.encodeCall(IEscrow.charge, (terms, IFunding.Method.ALLOWANCE, "")),
            abi.encodeCall(IEscrow.authorizeBySig, (terms, IFunding.Method.ERC3009, new bytes(65))),
            abi.encodeCall(IEscrow.authorizeERC3009, (terms, bytes32(0), bytes32(0))),
            abi.encodeCall(escrow.withdrawCredit, (address(token), payer)),
            abi.encodeCall(escrow.pushCredit, (address(token), payer))
        ];
        terms.salt = own;
    }

    function assertLetsNobodyIn(WayIn way, bytes memory attack) private {
        uint256 snapshot = vm.snapshotState();
        (address caller, bytes memory data) = bring(way);
        token.hook(address(mallory));
        mallory.plan(address(escrow), attack);
        vm.prank(caller);
        (bool success,) = address(escrow).call(data);
        vm.assertTrue(success && mallory.tried(), "the hook was called");
        vm.assertTrue(!mallory.succeeded(), "the attack was refused");
        vm.assertEq(mallory.refusal(), REENTRANCY, "reason");
        vm.revertToState(snapshot);
    }

    function test_EveryWayIn_LetsNoVerbInWhileItPulls() public {
        uint96[2] memory salts = [uint96(1), OTHER];
        for (uint256 s; s < 2; ++s) {
            bytes[16] memory attacks = attacksOn(salts[s]);
            for (uint256 way; way < WAYS; ++way) {
                for (uint256 i; i < attacks.length; ++i) {
                    assertLetsNobodyIn(WayIn(way), attacks[i]);
                }
            }
        }
    }

    function test_EveryWayIn_LetsNoOtherPullInWhileItPulls() public {
        terms.salt = 3;
        bytes memory attack = abi.encodeCall(IEscrow.authorize, (terms));
        terms.salt = 1;
        for (uint256 way; way < WAYS; ++way) {
            assertLetsNobodyIn(WayIn(way), attack);
        }
    }
}
