"""Call data and transactions that somebody else has made."""

from collections.abc import Callable

import pytest

from chain import LocalChain, Signer, Token
from chain.contracts import interface
from chain.create2 import PROXY, PROXY_CODE
from chain.errors import EarnestError, NodeRefused, NotAnAddress
from chain.refusals import ERC20InsufficientBalance
from chain.units import NOBODY, Address

Funded = Callable[[], Signer]


def transfer(to: Signer, money: int) -> bytes:
    return interface("ERC20").function("transfer", 2).call_data([to.address, money])


def test_code_is_what_lives_at_an_address(chain: LocalChain) -> None:
    assert chain.code(PROXY) == PROXY_CODE
    assert chain.code(Signer.generate().address) == b""


def test_ready_made_call_data_is_executed(chain: LocalChain, funded: Funded, usdc: Token) -> None:
    ann, shop = funded(), funded()
    guess = chain.gas(ann.address, usdc.address, transfer(shop, 5))

    receipt = chain.execute(ann, usdc.address, transfer(shop, 5))

    assert chain.balance(usdc, shop.address) == usdc("1000.000005")
    assert receipt.gas_used <= guess <= receipt.gas_used * 1.3


def test_native_currency_goes_with_it(chain: LocalChain, funded: Funded) -> None:
    ann, shop = funded(), funded()

    chain.execute(ann, shop.address, b"", value=7)

    assert chain.balance(chain.native, shop.address) == chain.native.units(chain.native("10").units + 7)


@pytest.mark.parametrize("ask", [LocalChain.gas, LocalChain.execute])
def test_what_would_be_refused_is_refused_by_name(
    chain: LocalChain, funded: Funded, usdc: Token, ask: Callable[..., object]
) -> None:
    ann = funded()
    caller = ann.address if ask is LocalChain.gas else ann

    with pytest.raises(ERC20InsufficientBalance):
        ask(chain, caller, usdc.address, transfer(funded(), usdc("1000.000001").units))


def test_an_address_with_a_wrong_checksum_is_refused(chain: LocalChain, funded: Funded) -> None:
    ann = funded()
    wrong = Address(ann.address.swapcase().replace("X", "x"))

    for ask in (
        lambda: chain.code(wrong),
        lambda: chain.gas(wrong, ann.address, b""),
        lambda: chain.gas(ann.address, wrong, b""),
        lambda: chain.execute(ann, wrong, b"", value=1),
    ):
        with pytest.raises(NotAnAddress):
            ask()


def test_a_signed_transaction_is_handed_over_and_waited_for(chain: LocalChain, funded: Funded) -> None:
    ann, shop = funded(), funded()
    raw = ann.sign_transaction(
        {
            "to": shop.address,
            "value": 7,
            "gas": 21_000,
            "gasPrice": 10**11,
            "nonce": 0,
            "chainId": chain.chain_id,
        }
    )

    receipt = chain.broadcast(raw)

    assert receipt.gas_used == 21_000
    assert chain.balance(chain.native, shop.address) == chain.native.units(chain.native("10").units + 7)
    with pytest.raises(EarnestError) as again:
        chain.broadcast(raw)
    assert isinstance(again.value, NodeRefused)


def test_an_estimate_needs_no_money(chain: LocalChain) -> None:
    assert chain.gas(NOBODY, NOBODY, b"") >= 21_000
