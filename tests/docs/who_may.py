"""Which party may do what in which phase, found by trying each verb in the contract's twin."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from chain.errors import IllegalAction
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Amount, Bps, Seconds
from escrow import Holding, Method, Payment, Terms, actions, transition
from escrow import conditions as c
from escrow.flags import DISPUTE_FREEZES_RESOLVE, PAYEE_MAY_DISPUTE, PAYER_MAY_DISPUTE

_NAMES = ("payer", "payee", "operator", "arbiter", "stranger")
PARTIES = {name: Address(f"0x{str(number) * 40}") for number, name in enumerate(_NAMES, 1)}
TOKEN, ESCROW = Address("0x" + "7" * 40), Address("0x" + "8" * 40)
BOTH = frozenset({PARTIES["payer"], PARTIES["payee"]})
PREIMAGE = b"p" * 32
LOCK = c.hash_lock(sha256=hashlib.sha256(PREIMAGE).digest())
HOUR = 3_600
NOW, AMOUNT, HALF = 2_000_000_000, Amount(100), Amount(50)
FROZEN = PAYER_MAY_DISPUTE | PAYEE_MAY_DISPUTE | DISPUTE_FREEZES_RESOLVE
ALIVE = PAYER_MAY_DISPUTE | PAYEE_MAY_DISPUTE
Try = Callable[[Payment, Address], actions.Action]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A column: `flags` are those to try, `at` hours after `fund_by`, which is five hours before the expiry."""

    title: str
    flags: tuple[int, ...]
    at: float
    funded: bool = True
    disputed: bool = False


MOMENTS = (
    Moment(title="not funded", flags=(0,), at=-1, funded=False),
    Moment(title="open, before `captureFrom`", flags=(FROZEN, ALIVE), at=0.5),
    Moment(title="open", flags=(FROZEN, ALIVE), at=3),
    Moment(title="disputed, flag 4", flags=(FROZEN,), at=4, disputed=True),
    Moment(title="disputed, without", flags=(ALIVE,), at=4, disputed=True),
    Moment(title="arbiter's time", flags=(ALIVE,), at=6, disputed=True),
    Moment(title="over", flags=(FROZEN, ALIVE), at=5),
    Moment(title="over, disputed", flags=(FROZEN, ALIVE), at=15, disputed=True),
)


def _to(payment: Payment, now: int) -> Payment:
    """Where an amendment goes: fundable now."""
    terms = replace(
        payment.terms,
        amount=payment.holding.held or AMOUNT,
        fund_by=Seconds(now + 1),
        capture_from=Seconds(now + 2 * HOUR),
        authorization_expiry=Seconds(now + 3 * HOUR),
        refund_expiry=Seconds(now + 4 * HOUR),
    )
    return Payment(terms=terms, domain=payment.domain)


def _tries(now: int) -> dict[str, Try]:
    soon, nothing = Seconds(now + 1), Amount(0)
    return {
        "authorize": lambda _, who: actions.Authorize(caller=who),
        "charge": lambda _, who: actions.Charge(caller=who, method=Method.ERC3009, authorization=b""),
        "cancel": lambda _, who: actions.Cancel(caller=who),
        "capture": lambda _, who: actions.Capture(caller=who, held_after=nothing),
        "release": lambda _, who: actions.Release(caller=who, held_after=nothing),
        "resolve": lambda _, who: actions.Resolve(caller=who, proof=LOCK.proof(PREIMAGE)),
        "void": lambda _, who: actions.Void(caller=who, held_after=nothing),
        "dispute": lambda _, who: actions.Dispute(caller=who),
        "rule": lambda _, who: actions.Rule(caller=who, payee_bps=Bps(1)),
        "settle": lambda _, who: actions.Settle(caller=who, to_payer=nothing, deadline=soon),
        "amend": lambda payment, who: actions.Amend(
            caller=who,
            to=_to(payment, now),
            held=payment.holding.held,
            paid_in=nothing,
            paid_out=nothing,
            deadline=soon,
            signatures=(b"",) * 4,
        ),
        "expire": lambda _, who: actions.Expire(caller=who),
        "refund": lambda payment, who: actions.Refund(caller=who, held=payment.holding.held, refundable_after=nothing),
    }


def _payments(moment: Moment, flags: int) -> list[Payment]:
    """Untouched, and with a half paid to the payee."""
    terms = Terms(
        payer=PARTIES["payer"],
        payee=PARTIES["payee"],
        operator=PARTIES["operator"],
        arbiter=PARTIES["arbiter"] if flags else NOBODY,
        token=TOKEN,
        amount=AMOUNT,
        condition=LOCK.address,
        condition_hash=LOCK.data_hash,
        fund_by=Seconds(NOW),
        capture_from=Seconds(NOW + HOUR if flags else 0),
        authorization_expiry=Seconds(NOW + 5 * HOUR),
        refund_expiry=Seconds(NOW + 20 * HOUR),
        ruling_period=Seconds(5 * HOUR if flags else 0),
        payee_share_on_expiry_bps=Bps(0),
        payee_share_on_silence_bps=Bps(0),
        flags=flags,
        salt=1,
    )
    payment = Payment(terms=terms, domain=Domain(1, ESCROW))
    if not moment.funded:
        return [payment]
    whole = Holding(held=AMOUNT, used=True, disputed_at=Seconds(NOW + 3 * HOUR if moment.disputed else 0))
    return [replace(payment, holding=holding) for holding in (whole, whole.earn(HALF))]


def _legal(payment: Payment, action: actions.Action, now: int) -> bool:
    try:
        transition(payment, action, Seconds(now))
    except IllegalAction:
        return False
    return True


def _who(verb: str, moment: Moment, flags: int) -> str:
    now = int(NOW + moment.at * HOUR)
    action, payments = _tries(now)[verb], _payments(moment, flags)
    may = [name for name, who in PARTIES.items() if any(_legal(one, action(one, who), now) for one in payments)]
    if len(may) == len(PARTIES):
        return "anybody"
    if may:
        return ", ".join(may)
    if any(_legal(one, _together(action(one, PARTIES["stranger"])), now) for one in payments):
        return "payer and payee"
    return "–"


def _together(action: actions.Action) -> actions.Action:
    """With the word of both parties, where a verb takes that."""
    return replace(action, wallets=BOTH) if isinstance(action, actions.Settle | actions.Amend) else action


def _cell(verb: str, moment: Moment) -> str:
    said = {flags: _who(verb, moment, flags) for flags in moment.flags}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return f"{said[ALIVE]} (flag 4: {said[FROZEN]})"


def table() -> str:
    """In Markdown, a row a verb."""
    head = ["| | " + " | ".join(moment.title for moment in MOMENTS) + " |", "|---" * (len(MOMENTS) + 1) + "|"]
    rows = [
        f"| [{verb}](verbs/{verb}.md) | " + " | ".join(_cell(verb, moment) for moment in MOMENTS) + " |"
        for verb in _tries(NOW)
    ]
    return "\n".join([*head, *rows]) + "\n"
