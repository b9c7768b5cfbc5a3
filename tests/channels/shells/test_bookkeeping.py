import csv
import io

from chain import LocalChain, Token
from channels import Payee, Payer, WalletLane
from channels.ledger import Sums, from_csv, from_json


def test_every_fact_is_an_entry_and_the_ledger_agrees_with_the_books(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    till.accept(wallet.pay(lane, usdc("5")))
    till.deliver_many(lane, {"coat": usdc("3"), "=hat": usdc("1")})
    till.refund(lane, "coat", up_to=usdc("2"))
    claims = till.claim()
    till.accept(wallet.pay(lane, usdc("2")))
    closed = till.close(lane, take=usdc("5.5"))
    assert closed.receipt is not None

    ledger = till.ledger()
    sums = ledger.sums(usdc.address)
    sums.require(
        Sums(
            accepted=7_000_000,
            delivered=4_000_000,
            refunded=2_000_000,
            settled=5_500_000,
            returned=1_500_000,
        )
    )
    books = till.books()[usdc]
    assert (sums.accepted, sums.settled, sums.owed) == (books.accepted.units, books.settled.units, books.owed.units)
    assert sums.returned + sums.forgone == books.forgone.units
    paid = claims.receipts[0].fee.units + closed.receipt.fee.units
    assert ledger.sums(chain.native.address).fees == paid
    assert from_csv(till.ledger_csv(), {token.address: token for token in (usdc, chain.native)}) == ledger
    assert from_json(till.ledger_json()) == ledger


def test_a_key_can_not_become_a_formula(wallet: Payer, till: Payee, lane: WalletLane, usdc: Token) -> None:
    till.accept(wallet.pay(lane, usdc("1")))
    till.deliver(lane, usdc("1"), '=HYPERLINK("http://example.com")')
    cells = [cell for row in csv.reader(io.StringIO(till.ledger_csv())) for cell in row]
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t"}]
