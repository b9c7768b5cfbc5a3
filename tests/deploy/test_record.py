import json
from pathlib import Path

import pytest

from chain.keccak import keccak
from chain.units import Hash32, address
from deploy import Deployed, Record, RecordUnreadable
from deploy.record import load, path_of, save

HASH = Hash32(keccak(b"init code"))
HERE = Deployed(address=address("0x" + "11" * 20), init_code_hash=HASH, transaction="0x" + "ab" * 32, block=7)
FOUND = Deployed(address=HERE.address, init_code_hash=HASH)
RECORD = Record(chain_id=8453, contracts={"Escrow": HERE})


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    save(RECORD, tmp_path / "deep" / "er")

    assert load(tmp_path / "deep" / "er", 8453) == RECORD
    assert [file.name for file in (tmp_path / "deep" / "er").iterdir()] == ["8453.json"]


def test_no_record_is_an_empty_one(tmp_path: Path) -> None:
    assert load(tmp_path, 8453) == Record(chain_id=8453)


def test_a_contract_that_is_found_again_keeps_its_transaction() -> None:
    assert RECORD.adding("Escrow", FOUND) == RECORD
    assert Record(chain_id=1).adding("Escrow", FOUND).contracts == {"Escrow": FOUND}


def test_a_contract_that_moved_replaces_the_old_one() -> None:
    moved = Deployed(address=address("0x" + "22" * 20), init_code_hash=HASH)

    assert RECORD.adding("Escrow", moved).contracts == {"Escrow": moved}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("chainId", 1),
        ("chainId", "8453"),
        ("contracts", []),
        ("contracts", {"Escrow": {"address": HERE.address}}),
        ("contracts", {"Escrow": HERE.to_json() | {"address": "0x1"}}),
        ("contracts", {"Escrow": HERE.to_json() | {"initCodeHash": "0xab"}}),
        ("contracts", {"Escrow": HERE.to_json() | {"transaction": "now"}}),
        ("contracts", {"Escrow": HERE.to_json() | {"block": -1}}),
        ("contracts", {"Escrow": "there"}),
        ("more", 1),
    ],
)
def test_a_record_that_cannot_be_read_is_refused_and_kept(tmp_path: Path, name: str, value: object) -> None:
    path = path_of(tmp_path, 8453)
    path.write_text(json.dumps(RECORD.to_json() | {name: value}))

    with pytest.raises(RecordUnreadable) as refusal:
        load(tmp_path, 8453)

    assert refusal.value.path == str(path)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"'])
def test_what_is_no_json_object_is_refused(tmp_path: Path, text: str) -> None:
    path_of(tmp_path, 1).write_text(text)

    with pytest.raises(RecordUnreadable):
        load(tmp_path, 1)
