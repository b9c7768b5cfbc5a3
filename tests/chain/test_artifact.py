import msgspec
import pytest

from chain import artifact
from chain.artifact import Artifact, ArtifactMissing, CodeRange, Compiler, StorageLayout


def _artifact(runtime: str = "0x0000aabb0000", immutables: tuple[tuple[int, int], ...] = ()) -> Artifact:
    return Artifact(
        contract_name="Thing",
        source_name="contracts/Thing.sol",
        source_hash="0x" + "11" * 32,
        compiler=Compiler(version="0.8.37+commit.f401782d", settings={"viaIR": True}),
        abi=[{"type": "receive", "stateMutability": "payable"}],
        bytecode="0x6001",
        deployed_bytecode=runtime,
        immutable_references=tuple(CodeRange(start=start, length=length) for start, length in immutables),
        storage_layout=StorageLayout(storage=(), types={}),
    )


def test_an_artifact_comes_back_from_its_json() -> None:
    thing = _artifact(immutables=((0, 2),))

    assert artifact.from_json(thing.to_json()) == thing
    assert thing.to_json() == artifact.from_json(thing.to_json()).to_json()
    assert thing.to_json().endswith(b"}\n")


def test_json_with_a_field_nobody_knows_is_no_artifact() -> None:
    with pytest.raises(msgspec.ValidationError):
        artifact.from_json(_artifact().to_json().replace(b'"abi"', b'"unknown": 1, "abi"'))


@pytest.mark.parametrize(
    ("immutables", "masked"),
    [
        ((), "1122aabb3344"),
        (((0, 2),), "0000aabb3344"),
        (((0, 2), (4, 2)), "0000aabb0000"),
        (((4, 9),), "1122aabb0000"),
        (((9, 2),), "1122aabb3344"),
    ],
)
def test_immutables_are_masked_and_the_code_keeps_its_length(
    immutables: tuple[tuple[int, int], ...], masked: str
) -> None:
    code = bytes.fromhex("1122aabb3344")

    assert _artifact(immutables=immutables).without_immutables(code) == bytes.fromhex(masked)


def test_codes_are_bytes_without_the_hex_prefix() -> None:
    assert _artifact().creation_code == b"\x60\x01"
    assert _artifact().runtime_code == bytes.fromhex("0000aabb0000")


def test_every_committed_artifact_loads_under_its_own_name() -> None:
    assert artifact.names()
    assert [artifact.load(name).contract_name for name in artifact.names()] == list(artifact.names())


@pytest.mark.parametrize("name", ["Nothing", "", "../artifact", "Escrow.json"])
def test_an_unknown_name_is_told_with_the_known_ones(name: str) -> None:
    with pytest.raises(ArtifactMissing) as missing:
        artifact.load(name)

    assert missing.value.name == name
    assert missing.value.known == artifact.names()
