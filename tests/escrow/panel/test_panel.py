from collections.abc import Callable
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from chain import Domain, InvalidSignature, InvalidValue, Signer
from chain.errors import Malformed, MalformedSignature, NotAnAddress, OutOfRange
from chain.keccak import keccak
from chain.units import NOBODY, Address, Bps, Hash32, Seconds, address
from escrow import ArbiterPanel, MemberSignature
from escrow.messages import Ruling
from escrow.panel.errors import (
    DuplicateMember,
    InvalidPanelThreshold,
    MembersOutOfOrder,
    NotAMember,
    NotEnoughSignatures,
    OtherMessage,
    TooManyMembers,
)

SECRETS = [keccak(f"arbiter {number}".encode()) for number in range(4)]
SIGNERS = sorted(map(Signer, SECRETS), key=lambda signer: signer.address.lower())
MEMBERS = [signer.address for signer in SIGNERS[:3]]
STRANGER = SIGNERS[3]
PANEL = ArbiterPanel(members=MEMBERS, threshold=2)
RULING = Ruling(payment_id=Hash32(bytes(31) + b"\x01"), disputed_at=Seconds(1_800_000_000), payee_bps=Bps(3_000))
OTHER = Ruling(payment_id=RULING.payment_id, disputed_at=RULING.disputed_at, payee_bps=Bps(3_001))


@pytest.fixture
def word(domain: Domain) -> Callable[..., MemberSignature[Ruling]]:
    """A member's, by its number."""
    return lambda number, ruling=RULING, panel=PANEL: panel.sign(ruling, domain, SIGNERS[number])


def changed(one: MemberSignature[Ruling], **changes: Any) -> MemberSignature[Ruling]:
    members = {name: getattr(one, name) for name in ("message", "domain", "member", "signature", "by_wallet")}
    return MemberSignature(**members | changes)


def plain(number: int) -> Address:
    return address(number.to_bytes(20, "big"))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_members_are_taken_in_any_order_and_form(order: tuple[int, ...]) -> None:
    panel = ArbiterPanel(members=[Address(MEMBERS[place].lower()) for place in order], threshold=2)

    assert panel == PANEL
    assert panel.members == tuple(MEMBERS)
    assert panel.address == PANEL.address


def test_members_rise_as_numbers_not_as_letters() -> None:
    """An EIP-55 checksum mixes the cases, and B comes before a."""
    members = [address(bytes([first]) * 20) for first in range(0xA8, 0xB8)]
    assert sorted(members) != members

    assert ArbiterPanel(members=members[::-1], threshold=1).members == tuple(members)


def test_the_address_is_that_of_these_members_and_this_threshold() -> None:
    others = [ArbiterPanel(members=MEMBERS, threshold=threshold) for threshold in (1, 3)]
    others += [ArbiterPanel(members=MEMBERS[:2], threshold=2)]

    assert len({PANEL.address, *(panel.address for panel in others)}) == 4


@pytest.mark.parametrize("size", [1, 16])
def test_a_panel_has_one_to_sixteen_members(size: int) -> None:
    assert len(ArbiterPanel(members=[plain(number + 1) for number in range(size)], threshold=size).members) == size


@pytest.mark.parametrize(
    ("members", "threshold", "error"),
    [
        (MEMBERS, 0, InvalidPanelThreshold),
        (MEMBERS, 4, InvalidPanelThreshold),
        ([], 0, InvalidPanelThreshold),
        ([], 1, InvalidPanelThreshold),
        ([plain(number + 1) for number in range(17)], 1, TooManyMembers),
        ([NOBODY, *MEMBERS], 1, MembersOutOfOrder),
        ([*MEMBERS, MEMBERS[0]], 1, MembersOutOfOrder),
        (["0x12"], 1, NotAnAddress),
        (MEMBERS, True, OutOfRange),
        (MEMBERS, "2", OutOfRange),
    ],
    ids=str,
)
def test_a_panel_that_the_factory_refuses_is_refused_at_birth(members: Any, threshold: Any, error: type) -> None:
    with pytest.raises(error):
        ArbiterPanel(members=members, threshold=threshold)


def test_a_member_signs_the_same_with_a_wallet_of_its_own(domain: Domain, word: Callable[..., Any]) -> None:
    shown = encode_typed_data(full_message=PANEL.to_sign(RULING, domain))
    secrets = {Signer(secret).address: secret for secret in SECRETS}

    signature = Account.sign_message(shown, secrets[MEMBERS[0]]).signature

    assert word(0).signature == bytes(signature)


def test_who_has_no_seat_signs_nothing(domain: Domain, word: Callable[..., Any]) -> None:
    with pytest.raises(NotAMember):
        PANEL.sign(RULING, domain, STRANGER)
    with pytest.raises(NotAMember):
        PANEL.by_wallet(RULING, domain, STRANGER.address, b"its own form")
    with pytest.raises(NotAMember):
        PANEL.check(changed(word(0), member=STRANGER.address))
    with pytest.raises(NotAMember):
        PANEL.check(changed(word(0), member=STRANGER.address, by_wallet=True))


@pytest.mark.parametrize(
    "changes",
    [
        {"member": MEMBERS[1]},
        {"message": OTHER},
        {"domain": Domain(1, address("0x" + "e5" * 20))},
        {"domain": Domain(31337, address("0x" + "e6" * 20))},
    ],
    ids=str,
)
def test_a_signature_counts_for_its_member_message_and_contract(word: Callable[..., Any], changes: Any) -> None:
    PANEL.check(word(0))

    with pytest.raises(InvalidSignature):
        PANEL.check(changed(word(0), **changes))


def test_a_signature_counts_in_one_panel(word: Callable[..., Any]) -> None:
    with pytest.raises(InvalidSignature):
        ArbiterPanel(members=MEMBERS, threshold=1).check(word(0))


def test_a_wallets_signature_is_the_chains_to_check(domain: Domain, word: Callable[..., Any]) -> None:
    with pytest.raises(MalformedSignature):
        PANEL.check(changed(word(0), signature=b"its own form"))

    PANEL.check(PANEL.by_wallet(RULING, domain, MEMBERS[0], b"its own form"))


@pytest.mark.parametrize("numbers", [[], [0]])
def test_fewer_than_decide_are_no_panel(word: Callable[..., Any], numbers: list[int]) -> None:
    with pytest.raises(NotEnoughSignatures) as refused:
        PANEL.signature([word(number) for number in numbers])

    assert (refused.value.have, refused.value.need) == (len(numbers), 2)


def test_one_member_counts_once(word: Callable[..., Any]) -> None:
    with pytest.raises(DuplicateMember):
        PANEL.signature([word(0), word(0)])


@pytest.mark.parametrize("changes", [{"message": OTHER}, {"domain": Domain(1, address("0x" + "e5" * 20))}], ids=str)
def test_members_who_signed_different_things_agree_on_nothing(word: Callable[..., Any], changes: Any) -> None:
    one = changed(word(1), **changes)
    signed = PANEL.sign(one.message, one.domain, SIGNERS[1])

    with pytest.raises(OtherMessage):
        PANEL.signature([word(0), signed])


def test_a_wrong_signature_is_found_before_it_is_sent(word: Callable[..., Any]) -> None:
    with pytest.raises(InvalidSignature):
        PANEL.signature([word(0), changed(word(1), signature=word(2).signature)])


def test_the_order_in_which_members_answer_changes_nothing(word: Callable[..., Any]) -> None:
    assert PANEL.signature([word(0), word(1)]) == PANEL.signature([word(1), word(0)])


def test_no_more_signatures_are_shown_than_decide(word: Callable[..., Any]) -> None:
    assert len(PANEL.signature([word(0), word(1), word(2)])) == len(PANEL.signature([word(0), word(1)]))


def test_a_wallet_is_asked_only_where_it_is_needed(word: Callable[..., Any]) -> None:
    """It may change its mind, or burn gas, between here and the chain."""
    wallet = changed(word(0), signature=b"its own form", by_wallet=True)

    assert PANEL.signature([wallet, word(1), word(2)]) == PANEL.signature([word(1), word(2)])
    assert b"its own form" in PANEL.signature([wallet, word(2)])


def test_a_members_word_travels_as_json(domain: Domain, word: Callable[..., Any]) -> None:
    one = word(0)
    sent = one.to_json()

    assert MemberSignature.from_json(Ruling, sent) == one
    assert sent == {
        "message": RULING.to_json(),
        "chainId": "31337",
        "contract": domain.contract,
        "member": MEMBERS[0],
        "signature": "0x" + one.signature.hex(),
        "byWallet": False,
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"message": {}},
        {"message": None},
        {"chainId": 31337},
        {"chainId": "0"},
        {"chainId": "1e3"},
        {"chainId": "9" * 78},
        {"contract": "0x12"},
        {"member": MEMBERS[0][:-1]},
        {"member": None},
        {"signature": "0x1"},
        {"signature": 1},
        {"byWallet": "false"},
        {"byWallet": 0},
        {"also": "this"},
    ],
    ids=str,
)
def test_json_that_no_member_sent_is_refused(word: Callable[..., Any], changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        MemberSignature.from_json(Ruling, word(0).to_json() | changes)


def test_json_without_a_member_is_refused(word: Callable[..., Any]) -> None:
    for name in word(0).to_json():
        with pytest.raises(Malformed):
            MemberSignature.from_json(Ruling, {key: value for key, value in word(0).to_json().items() if key != name})
    with pytest.raises(Malformed):
        MemberSignature.from_json(Ruling, None)
