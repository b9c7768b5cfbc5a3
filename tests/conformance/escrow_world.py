"""The people of the random histories: keys, a wallet without one, and the terms that they might agree on."""

import hashlib
from dataclasses import fields, replace
from typing import Any

from hypothesis import strategies as st

from chain import Signer, contracts
from chain.keccak import keccak
from chain.typed_data import Domain, TypedData
from chain.units import NOBODY, Address, Seconds, address
from escrow import Payment, conditions
from escrow.actions import Action
from escrow.funding import Grant
from tests.conformance.escrow_calls import consent_of, formed
from tests.conformance.evm import Evm, pyrevm

CHAIN_ID, START, RICH = 1, 2_000_000_000, 10**9
KEYS = {name: Signer(keccak(name.encode())) for name in ("ann", "bob", "carol", "dave", "eve")}
ANN, BOB, CAROL, DAVE, EVE = PEOPLE = [signer.address for signer in KEYS.values()]
SIGNERS = {signer.address: signer for signer in KEYS.values()}
VAULT = address("0x" + "ba" * 20)
EVERYBODY = [*PEOPLE, VAULT]
# mstore(0, signature.length == 3 ? isValidSignature.selector << 224 : 0); return(0, 32)
_VAULT_CODE = bytes.fromhex("604435600314631626ba7e0260e01b60005260206000f3")
VAULTS_WORD = b"yes"
PREIMAGE = bytes(range(32))
LOCK = conditions.hash_lock(sha256=hashlib.sha256(PREIMAGE).digest())
LATER = conditions.after_time(START + 5_000)
LINE = conditions.vesting(start=START, end=START + 8_000)
ESCROW, USDC = contracts.address_of("Escrow"), contracts.address_of("TestToken")
HOME = Domain(CHAIN_ID, ESCROW)
_USDC_DOMAIN = Domain(CHAIN_ID, USDC, "Test USD Coin", "1")
_WORDS = {"held_after", "payee_bps", "to_payer", "held"}


class World(Evm):
    """With a wallet that vouches for whatever is signed with `VAULTS_WORD`."""

    def __init__(self) -> None:
        super().__init__(EVERYBODY, RICH, "Escrow", START - 1)
        self._evm.insert_account_info(VAULT, pyrevm.AccountInfo(balance=RICH, code=_VAULT_CODE))
        self._unused = self._evm.snapshot()

    def rewind(self) -> None:
        """As if nothing had happened since birth: that takes long."""
        self._evm.revert(self._unused)
        self._unused = self._evm.snapshot()


def mostly(usual: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(usual), st.just(usual), st.just(usual), other)


def sign(payment: Payment, action: Action, party: Address, form: str) -> bytes:
    """The party's signature of what the action needs, or one that is wrong in one way."""
    if party not in SIGNERS:
        return VAULTS_WORD if form == "right" else b""
    signer = SIGNERS[EVE if party != EVE else ANN] if form == "stranger" else SIGNERS[party]
    return formed(signer.sign(HOME, _said(payment, action, form)).signature, form)


FORMS = [
    "stranger",
    "compact",
    "high",
    "parity",
    "none",
    "other payment",
    "other word",
    "other deadline",
    "other dispute",
]


def _said(payment: Payment, action: Action, form: str) -> TypedData:
    """What is signed: in the wrong forms for another payment, level, sum, share, second or dispute."""
    names = {field.name for field in fields(action)}
    if form == "other payment":
        payment = replace(payment, terms=replace(payment.terms, salt=payment.terms.salt ^ 1))
    if form == "other dispute":
        payment = replace(payment, holding=payment.holding.dispute(Seconds(payment.holding.disputed_at + 1)))
    words = {"other word": _WORDS, "other deadline": {"deadline"}}.get(form, set())
    changes: dict[str, Any] = {name: getattr(action, name) ^ 1 for name in names & words}
    return consent_of(payment, replace(action, **changes))


def erc3009(grant: Grant) -> bytes:
    """A right one: what a token refuses, the twin does not know."""
    if grant.payer not in SIGNERS:
        return VAULTS_WORD
    return SIGNERS[grant.payer].sign(_USDC_DOMAIN, grant.erc3009()).signature


people = st.sampled_from(PEOPLE)
everybody = st.sampled_from(EVERYBODY)
shares = st.sampled_from([0, 1, 250, 3_333, 9_999, 10_000])
_sound = {
    "payer": mostly(ANN, st.just(VAULT)),
    "payee": st.sampled_from([BOB, BOB, CAROL, VAULT]),
    "token": st.sampled_from([NOBODY, USDC]),
    "amount": st.sampled_from([1, 999, 1_000]),
    "operator": st.sampled_from([DAVE, DAVE, ANN, BOB, NOBODY]),
    "condition": st.sampled_from([LOCK, LATER, LINE, None]),
    "fund_by": st.sampled_from([START + 1_800, START + 3_600]),
    "capture_from": st.sampled_from([0, 0, START + 600, START + 8_000]),
    "authorization_expiry": st.sampled_from([START + 7_200, START + 9_000]),
    "refund_expiry": st.sampled_from([START + 9_000, START + 12_000]),
    "payee_share_on_expiry_bps": shares,
    "payee_share_on_silence_bps": shares,
    "fee_bps": shares,
    "fee_recipient": people,
    "salt": st.integers(0, 2**96 - 1),
}
_judged = {
    "arbiter": st.sampled_from([EVE, EVE, VAULT, BOB]),
    "ruling_period": st.sampled_from([3_600, 4_000]),
    "flags": st.sampled_from([3, 3, 1, 2, 0, 4, 5, 6, 7, 7]),
    "capture_from": st.just(START + 7_200),
    "authorization_expiry": st.sampled_from([START + 9_000, START + 12_000]),
    "refund_expiry": st.sampled_from([START + 12_000, START + 20_000]),
}
_wild = {
    "payer": everybody,
    "payee": everybody | st.just(NOBODY),
    "amount": st.integers(0, 2),
    "fee_recipient": everybody | st.just(NOBODY),
    "fee_bps": st.integers(9_999, 10_001),
    "payee_share_on_expiry_bps": st.integers(9_999, 10_001),
    "fund_by": st.integers(START - 1, START + 3_601),
    "arbiter": everybody | st.just(NOBODY),
    "ruling_period": st.sampled_from([0, 3_599, 3_600]),
    "flags": st.integers(0, 8),
}
terms = st.one_of(*(st.fixed_dictionaries(_sound | changes) for changes in ({}, {}, *[_judged] * 4, _wild)))
