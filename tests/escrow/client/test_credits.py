from collections.abc import Callable

import pytest

from chain import Address, LocalChain, Signer
from chain.errors import NotAnAddress
from chain.refusals import NoCredit
from chain.sync.preflight import Preflight
from escrow import Escrow, Terms
from tests.chain.preflight.refusing import BURNT, Silent, refused, twin

Act = dict[str, Escrow]
Offer = Callable[..., Terms]
REVERTS = bytes.fromhex("60006000fd")
"""Runtime code of a receiver that refuses everything."""


def test_a_receiver_that_refuses_gets_a_credit_that_it_sends_where_it_likes(
    chain: LocalChain, act: Act, offer: Offer, signers: dict[str, Signer]
) -> None:
    payment = act["payer"].authorize(offer(chain.native("2")))
    chain.set_code(signers["payee"].address, REVERTS)
    act["payer"].release(payment, up_to=chain.native("1.25"))

    assert act["payee"].credits() == (chain.native("1.25"),)
    assert act["stranger"].credits() == ()
    assert act["stranger"].credits(signers["payee"].address) == (chain.native("1.25"),)
    chain.set_code(signers["payee"].address, b"")
    before = chain.balance(chain.native, signers["collector"].address)
    act["payee"].withdraw_credit(chain.native, signers["collector"].address)
    assert chain.balance(chain.native, signers["collector"].address) - before == chain.native("1.25")
    assert act["payee"].credits() == ()
    with pytest.raises(NoCredit):
        act["stranger"].push_credit(chain.native, signers["payee"].address)


def test_anybody_may_push_a_credit_to_its_owner(
    chain: LocalChain, act: Act, offer: Offer, signers: dict[str, Signer]
) -> None:
    payment = act["payer"].authorize(offer(chain.native("2")))
    chain.set_code(signers["payee"].address, REVERTS)
    act["payer"].release(payment)
    chain.set_code(signers["payee"].address, b"")
    before = chain.balance(chain.native, signers["payee"].address)

    act["stranger"].push_credit(chain.native, signers["payee"].address)

    assert chain.balance(chain.native, signers["payee"].address) - before == chain.native("2")


def test_a_credit_goes_to_an_address_with_a_right_checksum(act: Act, chain: LocalChain) -> None:
    with pytest.raises(NotAnAddress):
        act["payee"].withdraw_credit(chain.native, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD")


@pytest.mark.parametrize(
    ("to", "name"),
    [
        (lambda chain, act: BURNT, "BurnAddress"),
        (lambda chain, act: chain.token("USDC").address, "TokenAsPayee"),
        (lambda chain, act: chain.address_of("VoucherChannels"), "OwnContractAsPayee"),
        (lambda chain, act: twin(act["payee"].signer.address), "LookAlike"),
    ],
)
def test_a_credit_goes_to_no_mistake(
    chain: LocalChain, act: Act, offer: Offer, to: Callable[..., Address], name: str
) -> None:
    payment, payee, place = act["payer"].authorize(offer(chain.native("2"))), act["payee"], to(chain, act)
    chain.set_code(payee.signer.address, REVERTS)
    act["payer"].release(payment)
    chain.set_code(payee.signer.address, b"")
    chain.set_code(place, b"\0")  # Whatever it was, it takes money now.

    assert refused(lambda: payee.withdraw_credit(chain.native, place)) == [name]
    assert chain._node.nonce(payee.signer.address) == 0
    careful = Escrow(chain, payee.signer, preflight=Preflight(chain, sources=[Silent()]))
    assert refused(lambda: careful.withdraw_credit(chain.native, place, accept=name)) == ["SourceSilent"]

    payee.withdraw_credit(chain.native, place, accept={name})
    assert payee.credits() == ()


def test_a_credit_may_go_to_oneself(chain: LocalChain, act: Act) -> None:
    with pytest.raises(NoCredit):
        act["payee"].withdraw_credit(chain.native, act["payee"].signer.address)
