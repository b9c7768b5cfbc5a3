import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from chain import Chain, Signer
from earnest.cli.demo.books import books
from earnest.cli.demo.stage import Stage
from earnest.cli.demo.teller import Teller
from escrow import Terms


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Chain.local() as chain:
        stage = Stage(chain, Teller(Console(file=io.StringIO())), tmp_path)
        yield stage
        stage.close()


def authorize(stage: Stage, moves: dict[str, str]) -> None:
    terms = Terms.card(
        payer=stage.ann.address,
        payee=stage.shop.address,
        operator=stage.service.address,
        amount=stage.usdc("120"),
        expiry=stage.chain.after(days=1),
        if_expired="payer",
    )
    stage.step("authorize", stage.ann.escrow.authorize, terms, moves=moves)


def test_books_that_balance_end_well(stage: Stage) -> None:
    authorize(stage, {"Ann": "-120", "escrow": "+120"})
    books(stage)

    assert stage.teller.end() == 0


@pytest.mark.parametrize(
    "moves", [{}, {"Ann": "-120"}, {"Ann": "-119", "escrow": "+119"}, {"Ann": "-120", "shop": "+120"}]
)
def test_a_step_that_moves_otherwise_than_told_fails_the_demo(stage: Stage, moves: dict[str, str]) -> None:
    authorize(stage, moves)

    assert stage.teller.end() == 1


def test_money_that_nobody_paid_in_fails_the_demo(stage: Stage) -> None:
    escrow = stage.chain.address_of("Escrow")
    stage.chain.transfer(stage.ann.signer, stage.usdc("1"), escrow, accept="OwnContractAsPayee")
    books(stage)

    assert stage.teller.end() == 1


def test_money_from_nowhere_fails_the_demo(stage: Stage) -> None:
    stage.chain.fund(stage.shop.address, usdc="1", native="0")
    books(stage)

    assert stage.teller.end() == 1


def test_money_that_left_for_somebody_unknown_fails_the_demo(stage: Stage) -> None:
    stage.chain.transfer(stage.ann.signer, stage.eth("1"), Signer.generate().address)
    books(stage)

    assert stage.teller.end() == 1
