// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {EveryVerb} from "../support/EveryVerb.sol";
import {vm} from "../support/Vm.sol";

/// @notice Mallory is payer, operator and fee recipient, and is called whenever a token moves from or to her.
contract ReentrancyTest is EveryVerb {
    bytes4 private constant REENTRANCY = bytes4(keccak256("Reentrancy()"));
    uint96 private constant OTHER = 7;

    MoodyParty private mallory;

    function setUp() public override {
        super.setUp();
        mallory = new MoodyParty();
        (payer, operator, feeRecipient) = (address(mallory), address(mallory), address(mallory));
        (terms.payer, terms.operator, terms.feeRecipient) = (payer, operator, feeRecipient);
        terms.payeeShareOnExpiryBps = 5000;
        terms.salt = OTHER;
        authorized();
        terms.salt = 1;
    }

    /// @dev Also arms the hook, which stays silent until a plan is made.
    function planned(bytes memory attack) private {
        token.hook(address(mallory));
        mallory.plan(address(escrow), attack);
    }

    function assertRefused(bytes4 reason) private view {
        vm.assertTrue(mallory.tried(), "the hook was called");
        vm.assertTrue(!mallory.succeeded(), "the attack was refused");
        vm.assertEq(mallory.refusal(), reason, "reason");
    }

    function onOther(Verb verb) private returns (bytes memory data) {
        terms.salt = OTHER;
        (, data) = verb == Verb.VOID ? (operator, abi.encodeCall(escrow.void, (terms, 0))) : callOf(verb);
        terms.salt = 1;
    }

    function credited() private {
        authorized();
        token.deny(address(mallory), true);
        mallory.act(address(escrow), 0, abi.encodeCall(escrow.void, (terms, 0)));
        token.deny(address(mallory), false);
        assertCredit(payer, AMOUNT);
    }

    function test_EveryVerb_LetsNobodyInWhileItPays() public {
        for (uint256 verb; verb < VERBS; ++verb) {
            uint256 snapshot = vm.snapshotState();
            bytes memory attack = onOther(Verb.RELEASE);
            ready(Verb(verb));
            planned(attack);
            run(Verb(verb));
            assertRefused(REENTRANCY);
            vm.revertToState(snapshot);
        }
    }

    function test_WithdrawCredit_LetsNobodyInWhileItPays() public {
        credited();
        bytes[7] memory attacks = [
            onOther(Verb.CAPTURE),
            onOther(Verb.RELEASE),
            onOther(Verb.VOID),
            onOther(Verb.RESOLVE),
            onOther(Verb.EXPIRE),
            abi.encodeCall(escrow.withdrawCredit, (address(token), payer)),
            abi.encodeCall(escrow.pushCredit, (address(token), payer))
        ];
        for (uint256 i; i < attacks.length; ++i) {
            uint256 snapshot = vm.snapshotState();
            planned(attacks[i]);
            mallory.act(address(escrow), 0, abi.encodeCall(escrow.withdrawCredit, (address(token), payer)));
            assertRefused(REENTRANCY);
            assertBalance(payer, AMOUNT);
            vm.revertToState(snapshot);
        }
    }

    function test_PushCredit_LetsNobodyInWhileItPays() public {
        credited();
        planned(onOther(Verb.RELEASE));
        escrow.pushCredit(address(token), payer);
        assertRefused(REENTRANCY);
        assertBalance(payer, AMOUNT);
    }

    function test_EveryVerb_LetsNobodyInWhileItPaysNativeCurrency() public {
        terms.token = NATIVE;
        for (uint256 verb; verb < VERBS; ++verb) {
            uint256 snapshot = vm.snapshotState();
            ready(Verb(verb));
            mallory.plan(address(escrow), abi.encodeCall(escrow.withdrawCredit, (NATIVE, stranger)));
            run(Verb(verb));
            assertRefused(REENTRANCY);
            vm.revertToState(snapshot);
        }
    }

    /// @dev Where our balance decides, a gift from within the push makes it look as if less had left.
    function test_Void_GainsNothingByAGiftWhen_TheTokenAnswersFalse() public {
        authorized();
        token.be(MoodyToken.Mood.FALSE_MOVED);
        token.hook(address(mallory));
        for (uint96 i = 1; i <= 2; ++i) {
            uint256 snapshot = vm.snapshotState();
            uint256 gift = i == 1 ? AMOUNT / 3 : 2 * uint256(AMOUNT);
            mallory.plan(address(token), abi.encodeCall(token.mint, (address(escrow), gift)));
            mallory.act(address(escrow), 0, abi.encodeCall(escrow.void, (terms, 0)));
            vm.assertTrue(mallory.succeeded(), "given");
            assertCredit(payer, gift < AMOUNT ? gift : AMOUNT);
            assertBalance(address(escrow), AMOUNT + gift);
            vm.revertToState(snapshot);
        }
    }

    /// @dev A cancel moves nothing, so it may come in; the id that is being funded is used already.
    function test_Cancel_FindsTheIdUsedWhileItIsFunded() public {
        bytes32 paymentId = id();
        planned(abi.encodeCall(escrow.cancel, (terms)));
        authorized();
        assertRefused(IEscrow.AlreadyUsed.selector);
        vm.assertEq(paymentId, id(), "same");
        assertHolding(AMOUNT, 0);
    }

    /// @dev Refunds pass by our own books, so they may come in while others pull or pay.
    function test_Refund_WithinAnotherVerbMovesItsOwnMoneyOnly() public {
        credited();
        (payer, terms.payer, terms.salt) = (address(0xA11CE), address(0xA11CE), 4);
        authorized();
        mallory.act(address(escrow), 0, abi.encodeCall(escrow.capture, (terms, 0)));
        uint256 before = balanceOf(address(escrow));
        equip(address(mallory), AMOUNT);
        uint256 had = balanceOf(address(mallory));

        planned(abi.encodeCall(escrow.refund, (terms, 0, 0)));
        escrow.pushCredit(address(token), address(mallory));
        vm.assertTrue(mallory.succeeded(), "refunded");
        assertHolding(0, 0);
        assertBalance(payer, AMOUNT);
        assertBalance(address(mallory), had);
        assertBalance(address(escrow), before - AMOUNT);
    }

    /// @dev Where the payer can't be reached a refund pulls, and a pull may not come in.
    function test_Refund_ThatPullsIsRefusedWithinAnotherVerb() public {
        credited();
        (payer, terms.payer, terms.salt) = (address(0xA11CE), address(0xA11CE), 4);
        authorized();
        mallory.act(address(escrow), 0, abi.encodeCall(escrow.capture, (terms, 0)));
        equip(address(mallory), AMOUNT);
        token.deny(payer, true);
        planned(abi.encodeCall(escrow.refund, (terms, 0, 0)));
        escrow.pushCredit(address(token), address(mallory));
        assertRefused(REENTRANCY);
        assertHolding(0, AMOUNT);
    }
}
