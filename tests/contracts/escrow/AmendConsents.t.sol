// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {Amendment} from "../../../contracts/types/Amendment.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {Amending} from "../support/Amending.sol";
import {vm} from "../support/Vm.sol";

/// @notice Whose word an amendment needs, for what exactly, and how the new payer pays in.
contract AmendConsentsTest is Amending {
    uint256 private constant NEW_PAYER = 0xAE1;
    uint256 private constant NEW_PAYEE = 0xAE2;
    uint256 private constant MEMBERS = 19;

    function changeHands(uint256 payerKey, uint256 payeeKey) private {
        authorized();
        prepare(0, 0);
        (to.payer, to.payee) = (vm.addr(payerKey), vm.addr(payeeKey));
    }

    function signatureOf(uint256[4] memory keys) private view returns (bytes[] memory signed) {
        signed = new bytes[](4);
        for (uint256 i; i < 4; ++i) {
            if (keys[i] != 0) signed[i] = sign(keys[i], digest());
        }
    }

    function notSigned(address party) private view returns (bytes memory) {
        return abi.encodeWithSelector(IEscrow.NotSignedBy.selector, party, digest());
    }

    /// @dev Each of the four is asked: without its signature, or with another's, nothing moves.
    function test_Amend_NeedsEverybodyWhomItTouches() public {
        changeHands(NEW_PAYER, NEW_PAYEE);
        uint256[4] memory keys = [PAYER_KEY, PAYEE_KEY, NEW_PAYER, NEW_PAYEE];
        address[4] memory parties = [payer, payee, to.payer, to.payee];
        for (uint256 i; i < 4; ++i) {
            uint256 key = keys[i];
            keys[i] = 0;
            assertRefused(keys, notSigned(parties[i]));
            keys[i] = ARBITER_KEY;
            assertRefused(keys, notSigned(parties[i]));
            keys[i] = key;
        }
        amend(signatureOf(keys), "");
        assertHolding(escrow.paymentIdOf(to), AMOUNT, 0, 0);
    }

    function assertRefused(uint256[4] memory keys, bytes memory reason) private {
        bytes[] memory signed = signatureOf(keys);
        vm.expectRevert(reason);
        amend(signed, "");
    }

    /// @dev One who was a party already has signed as such; a second signature is not asked for.
    function test_Amend_AsksNobodyTwice() public {
        uint256[4] memory old = [PAYER_KEY, PAYEE_KEY, 0, 0];
        uint256[2][3] memory hands = [[PAYER_KEY, PAYEE_KEY], [PAYEE_KEY, PAYER_KEY], [PAYER_KEY, NEW_PAYEE]];
        for (uint256 i; i < hands.length; ++i) {
            uint256 snapshot = vm.snapshotState();
            changeHands(hands[i][0], hands[i][1]);
            if (i == 2) assertRefused(old, notSigned(to.payee));
            uint256[4] memory keys = old;
            keys[3] = i == 2 ? NEW_PAYEE : 0;
            amend(signatureOf(keys), "");
            vm.revertToState(snapshot);
        }
    }

    /// @dev A new payer is asked although the payee is an old party.
    function test_Amend_AsksTheNewPayerWhereOnlyIt_IsNew() public {
        changeHands(NEW_PAYER, PAYER_KEY);
        assertRefused([PAYER_KEY, PAYEE_KEY, uint256(0), 0], notSigned(to.payer));
        amend(signatureOf([PAYER_KEY, PAYEE_KEY, NEW_PAYER, 0]), "");
    }

    function test_Amend_ByAPartyNeedsNoSignatureOfIt() public {
        changeHands(PAYER_KEY, PAYEE_KEY);
        bytes[] memory signed = signatureOf([uint256(0), PAYEE_KEY, 0, 0]);
        vm.prank(payer);
        escrow.amend(terms, to, amendment, signed, method, "");
        assertHolding(escrow.paymentIdOf(to), AMOUNT, 0, 0);
    }

    function test_Amend_RevertsWhen_ThereAreNotFourSignatures() public {
        changeHands(PAYER_KEY, PAYEE_KEY);
        for (uint256 i; i <= 5; ++i) {
            if (i == 4) continue;
            bytes[] memory signed = new bytes[](i);
            vm.expectRevert(abi.encodeWithSelector(IEscrow.WrongNumberOfSignatures.selector, i, 4));
            amend(signed, "");
        }
    }

    /// @dev The lowest bit of each member of the new terms and of the amendment.
    function test_Amend_RevertsWhen_AnythingIsNotAsSigned() public {
        arbitrated(7);
        authorized();
        prepare(100, 50);
        (to.authorizationExpiry, to.captureFrom) = (to.authorizationExpiry + 2, to.captureFrom + 2);
        bytes[] memory signed = signatures();
        for (uint256 i; i < MEMBERS + 4; ++i) {
            bytes memory words = abi.encode(to, amendment);
            words[32 * i + 31] ^= 0x01;
            (Terms memory others, Amendment memory other) = abi.decode(words, (Terms, Amendment));
            vm.prank(stranger);
            (bool success, bytes memory answer) =
                address(escrow).call(abi.encodeCall(IEscrow.amend, (terms, others, other, signed, method, "")));
            vm.assertTrue(!success, "an amendment counted for something else");
            bytes4 reason = IEscrow.NotSignedBy.selector;
            if (i == 2) reason = IEscrow.OtherToken.selector;
            if (i == 3 || i == MEMBERS + 1 || i == MEMBERS + 2) reason = IEscrow.WrongAmount.selector;
            if (i == MEMBERS) reason = IEscrow.HeldChanged.selector;
            vm.assertEq(bytes4(answer), reason, "reason");
        }
    }

    function test_Amend_RevertsWhen_TheOldPaymentOrTheChainIsAnother() public {
        authorized();
        terms.salt = 2;
        authorized();
        prepare(0, 0);
        bytes[] memory signed = signatures();
        terms.salt = 1;
        fromId = id();
        vm.expectRevert(notSigned(payer));
        amend(signed, "");
        terms.salt = 2;
        vm.chainId(block.chainid + 1);
        vm.prank(stranger);
        (bool success,) =
            address(escrow).call(abi.encodeCall(IEscrow.amend, (terms, to, amendment, signed, method, "")));
        vm.assertTrue(!success, "another chain");
    }

    function test_Amend_TakesWhatTheNewPayerPaysInByEachMethod() public {
        for (uint256 i; i < METHODS; ++i) {
            uint256 snapshot = vm.snapshotState();
            method = IFunding.Method(i);
            authorized();
            prepare(300, 100);
            equip(method, payer, 300);
            bytes32 toId = amend();
            assertHolding(toId, AMOUNT + 200, 0, 0);
            assertBalance(payer, 100);
            assertBalance(address(escrow), AMOUNT + 200);
            vm.revertToState(snapshot);
        }
    }

    function test_Amend_TakesNativeCurrencyWithTheCall() public {
        terms.token = NATIVE;
        authorized();
        prepare(300, 0);
        bytes[] memory signed = signatures();
        vm.deal(stranger, 600);
        vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, 299, 300));
        vm.prank(stranger);
        escrow.amend{value: 299}(terms, to, amendment, signed, method, "");
        vm.prank(stranger);
        escrow.amend{value: 300}(terms, to, amendment, signed, method, "");
        assertBalance(address(escrow), AMOUNT + 300);
    }

    /// @dev Whatever would not be counted is not taken.
    function test_Amend_RevertsWhen_ValueComesThatIsNotPaidIn() public {
        for (uint96 paidIn; paidIn < 2; ++paidIn) {
            uint256 snapshot = vm.snapshotState();
            authorized();
            prepare(paidIn, 0);
            equip(method, payer, paidIn);
            bytes[] memory signed = signatures();
            vm.deal(stranger, 1);
            vm.expectRevert(abi.encodeWithSelector(IFunding.WrongValue.selector, 1, 0));
            vm.prank(stranger);
            escrow.amend{value: 1}(terms, to, amendment, signed, method, "");
            vm.revertToState(snapshot);
        }
    }

    /// @dev Nobody pays in: neither the token nor an authorization is asked for.
    function test_Amend_WithoutMoneyInNeedsNoAuthorization() public {
        for (uint256 i; i < METHODS; ++i) {
            uint256 snapshot = vm.snapshotState();
            authorized();
            prepare(0, 0);
            method = IFunding.Method(i);
            amend(signatures(), "");
            vm.revertToState(snapshot);
        }
    }

    /// @dev Paid in under the amendment's own hash: the token's authorization can't fund the new terms without the old hold.
    function test_Amend_PaysInForTheAmendmentOnly() public {
        for (uint256 i = 1; i < METHODS; ++i) {
            uint256 snapshot = vm.snapshotState();
            method = IFunding.Method(i);
            authorized();
            prepare(300, AMOUNT);
            equip(method, payer, 600);
            bytes memory meant = money();
            bytes memory reason = i == 1
                ? abi.encodeWithSignature("ERC3009InvalidSignature()")
                : abi.encodeWithSignature("InvalidSigner()");
            vm.expectRevert(reason);
            escrow.authorizeBySig(to, method, meant);

            bytes memory forId = authorizationOf(method, payer, 300, escrow.paymentIdOf(to), amendment.deadline);
            bytes[] memory signed = signatures();
            vm.expectRevert(reason);
            amend(signed, forId);
            amend(signed, meant);
            vm.revertToState(snapshot);
        }
    }
}
