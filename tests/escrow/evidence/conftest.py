from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chain.signer import Signer
from chain.units import Amount
from escrow import Holding, Payment
from escrow.evidence import JournalFile, OpenJournal


@pytest.fixture
def payment(pay: Callable[..., Payment]) -> Payment:
    """100 are held."""
    return replace(pay(), holding=Holding(held=Amount(100), refundable=Amount(300), used=True))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journals.db"


@pytest.fixture
def opened() -> Iterator[Callable[[Path | str], JournalFile]]:
    """Files that are closed with the test."""
    files: list[JournalFile] = []

    def new(path: Path | str) -> JournalFile:
        files.append(JournalFile(path))
        return files[-1]

    yield new
    for file in files:
        file.close()


@pytest.fixture
def file(opened: Callable[[Path], JournalFile], path: Path) -> JournalFile:
    return opened(path)


@pytest.fixture
def journal(file: JournalFile, payment: Payment) -> OpenJournal:
    return file.open(payment)


@pytest.fixture
def payer(signers: dict[str, Signer]) -> Signer:
    return signers["payer"]


@pytest.fixture
def payee(signers: dict[str, Signer]) -> Signer:
    return signers["payee"]
