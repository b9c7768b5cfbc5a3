import copy
import json
import pickle
import stat
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from eth_account import Account
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from chain import Signer
from chain.errors import Malformed
from chain.signer import KeyringUnusable, NoSuchKey, WrongPassword

SECRET = bytes.fromhex("4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318")
KEY = "0x" + SECRET.hex()
ADDRESS = "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23"


class Memory(KeyringBackend):
    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept = {("earnest", "shop"): KEY, ("earnest", "broken"): KEY[:-1]}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def in_memory() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    yield
    keyring.set_keyring(before)


@pytest.fixture(scope="module")
def keystore(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "shop.json"
    Signer(SECRET).save(path, "correct horse")
    return path


def test_the_address_is_the_one_of_eth_account() -> None:
    assert Signer.from_key(KEY).address == ADDRESS == Account.from_key(KEY).address


def test_generated_keys_differ() -> None:
    assert Signer.generate().address != Signer.generate().address


def test_a_signer_shows_its_address_and_never_its_key() -> None:
    signer = Signer(SECRET)
    shown = [repr(signer), str(signer), f"{signer}", f"{signer!r}", repr([signer]), repr(signer.sign_digest)]

    assert all(ADDRESS in text for text in shown)
    assert all(hidden not in text for text in shown for hidden in (SECRET.hex(), str(SECRET), str(int(KEY, 16))))
    assert not hasattr(signer, "__dict__")
    assert [name for name in dir(signer) if not name.startswith("_")] == [
        "address",
        "from_key",
        "generate",
        "keyring",
        "keystore",
        "save",
        "sign",
        "sign_digest",
        "sign_transaction",
    ]


@pytest.mark.parametrize(
    "leak", [pickle.dumps, copy.copy, copy.deepcopy, vars, json.dumps, bytes], ids=lambda leak: leak.__name__
)
def test_a_key_does_not_leave_its_signer(leak: Callable[[object], object]) -> None:
    with pytest.raises(TypeError):
        leak(Signer(SECRET))


@pytest.mark.parametrize(
    "text", [KEY[2:], KEY[:-1], KEY + "0", KEY[:-1] + "g", " " + KEY, "0x" + "00" * 32, "0x" + "ff" * 32, ""]
)
def test_what_is_no_key_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        Signer.from_key(text)

    said = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
    assert SECRET.hex()[:60] not in said


@pytest.mark.parametrize("secret", [b"", SECRET[:31], SECRET + b"\0", bytes(32), b"\xff" * 32])
def test_a_secret_is_thirty_two_bytes_below_the_order(secret: bytes) -> None:
    with pytest.raises(Malformed):
        Signer(secret)


def test_a_keystore_opens_with_its_password(keystore: Path) -> None:
    assert Signer.keystore(keystore, "correct horse").address == ADDRESS
    assert Signer.keystore(str(keystore), lambda: "correct horse").address == ADDRESS


def test_a_keystore_is_what_other_wallets_read(keystore: Path) -> None:
    assert Account.decrypt(json.loads(keystore.read_text()), "correct horse") == SECRET
    assert SECRET.hex() not in keystore.read_text()


def test_a_keystore_is_its_owners_alone_and_never_overwritten(keystore: Path) -> None:
    assert stat.S_IMODE(keystore.stat().st_mode) == 0o600
    before = keystore.read_bytes()

    with pytest.raises(FileExistsError):
        Signer.generate().save(keystore, "other")

    assert keystore.read_bytes() == before


def test_a_wrong_password_is_named(keystore: Path) -> None:
    with pytest.raises(WrongPassword) as caught:
        Signer.keystore(keystore, "wrong horse")

    assert caught.value.path == str(keystore)
    assert "horse" not in str(caught.value)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[]", b"5", b"{}", b'{"crypto": {}, "version": 3}', b'{"version": 9}']
)
def test_a_file_that_is_no_keystore_is_malformed(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "shop.json"
    path.write_bytes(content)

    with pytest.raises(Malformed):
        Signer.keystore(path, "any")


@pytest.mark.usefixtures("in_memory")
def test_the_keyring_gives_a_key_by_its_name() -> None:
    assert Signer.keyring("shop").address == ADDRESS
    with pytest.raises(NoSuchKey) as caught:
        Signer.keyring("bar")
    assert caught.value.name == "bar"
    with pytest.raises(Malformed):
        Signer.keyring("broken")


def test_a_machine_without_a_keyring_is_told_so() -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    try:
        with pytest.raises(KeyringUnusable, match="NoKeyringError"):
            Signer.keyring("shop")
    finally:
        keyring.set_keyring(before)


def test_a_signed_transaction_is_the_one_of_eth_account() -> None:
    transaction = {
        "to": ADDRESS,
        "value": 1,
        "gas": 21000,
        "maxFeePerGas": 2,
        "maxPriorityFeePerGas": 1,
        "nonce": 0,
        "chainId": 1,
        "type": 2,
    }
    signed = Account.sign_transaction(transaction, KEY)

    assert Signer(SECRET).sign_transaction(transaction) == bytes(signed.raw_transaction)
