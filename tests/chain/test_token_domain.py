import pytest
from eth_abi.abi import encode

from chain import LocalChain, Signer, Token
from chain.contracts import init_code
from chain.create2 import PROXY, address_of, call_data
from chain.errors import UnknownToken
from chain.keccak import keccak
from chain.typed_data import Domain
from chain.units import address

ELSEWHERE = address("0x" + "e5" * 20)


def _contract(answers: dict[str, bytes]) -> bytes:
    """Runtime code that answers each of these functions by fixed bytes, and reverts for every other."""
    begin, rows = bytes.fromhex("5f3560e01c"), list(answers.items())
    handlers = len(begin) + 11 * len(rows) + 3
    table, body, data = b"", b"", b""
    for signature, answer in rows:
        selector, length = keccak(signature.encode())[:4].hex(), f"61{len(answer):04x}"
        where = handlers + 14 * len(rows) + len(data)
        table += bytes.fromhex(f"8063{selector}1461{handlers + len(body):04x}57")
        body += bytes.fromhex(f"5b{length}61{where:04x}5f39{length}5ff3")
        data += answer
    return begin + table + bytes.fromhex("5f5ffd") + body + data


def _token(chain: LocalChain, separator: bytes) -> Token:
    """As USDC: no ERC-5267, but a name, a version and a separator."""
    answers = {
        "symbol()": encode(["string"], ["USDC"]),
        "decimals()": encode(["uint8"], [6]),
        "name()": encode(["string"], ["USD Coin"]),
        "version()": encode(["string"], ["2"]),
        "DOMAIN_SEPARATOR()": separator,
    }
    chain.set_code(ELSEWHERE, _contract(answers))
    return chain.token(ELSEWHERE)


def test_a_token_says_under_which_domain_it_takes_signatures(chain: LocalChain, usdc: Token) -> None:
    domain = chain.token_domain(usdc)

    assert domain == Domain(chain.chain_id, usdc.address, "Test USD Coin", "1")
    assert domain.separator == chain.call("ERC20", "DOMAIN_SEPARATOR", at=usdc.address)


def test_a_name_and_a_version_do_as_usdc_has_them(chain: LocalChain) -> None:
    expected = Domain(chain.chain_id, ELSEWHERE, "USD Coin", "2")

    assert chain.token_domain(_token(chain, expected.separator)) == expected


def test_a_token_whose_separator_is_another_is_refused(chain: LocalChain) -> None:
    other = Domain(chain.chain_id, ELSEWHERE, "USD Coin", "1")

    with pytest.raises(UnknownToken, match="USD Coin"):
        chain.token_domain(_token(chain, other.separator))


def test_a_token_without_a_domain_is_told_by_name(chain: LocalChain, ann: Signer) -> None:
    chain.execute(ann, PROXY, call_data(init_code("PlainToken")))

    with pytest.raises(UnknownToken, match="EIP-712"):
        chain.token_domain(chain.token(address_of(init_code("PlainToken"))))


def test_the_native_currency_takes_no_signatures(chain: LocalChain) -> None:
    with pytest.raises(UnknownToken):
        chain.token_domain(chain.native)
