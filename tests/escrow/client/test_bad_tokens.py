from collections.abc import Callable

import pytest

from chain import LocalChain, Signer, artifact
from chain.money import Token
from chain.refusals import InexactTransfer, TokenHasNoCode
from chain.units import address
from escrow import Escrow, Terms

Place = Callable[[str], Token]
PLACE = address("0x" + "7a" * 20)


@pytest.fixture
def place(chain: LocalChain, signers: dict[str, Signer]) -> Place:
    """Puts a token of contracts/testing on the chain, with 1,000 units for the payer, which the escrow may take."""

    def placed(name: str) -> Token:
        chain.set_code(PLACE, artifact.load(name).runtime_code)
        payer = signers["payer"]
        chain.send(payer, name, "mint", payer.address, 1_000, at=PLACE)
        chain.send(payer, name, "approve", chain.address_of("Escrow"), 1_000, at=PLACE)
        return chain.token(PLACE)

    return placed


def test_a_token_that_takes_a_fee_is_refused_by_name(
    place: Place, offer: Callable[..., Terms], act: dict[str, Escrow]
) -> None:
    terms = offer(place("FeeOnTransferToken").units(1_000))

    with pytest.raises(InexactTransfer) as raised:
        act["payer"].authorize(terms)
    assert raised.value.facts == {"token": PLACE, "received": 990, "expected": 1_000}


def test_a_token_without_code_is_refused_by_name(
    chain: LocalChain, offer: Callable[..., Terms], token: Token, signers: dict[str, Signer]
) -> None:
    nowhere = Token(address=PLACE, symbol="NONE", decimals=0, chain_id=token.chain_id)

    with pytest.raises(TokenHasNoCode) as raised:
        chain.send(signers["payer"], "Escrow", "authorize", offer(nowhere.units(1_000)))
    assert raised.value.token == PLACE


def test_a_token_that_answers_false_leaves_a_credit_and_blocks_nothing(
    place: Place, offer: Callable[..., Terms], act: dict[str, Escrow]
) -> None:
    token = place("ReturnsFalseToken")

    payment = act["payer"].release(act["payer"].authorize(offer(token.units(1_000))))

    assert payment.holding.refundable == 1_000
    assert act["payee"].credits(tokens=[token]) == (token.units(1_000),)
