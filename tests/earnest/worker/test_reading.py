import re
from dataclasses import replace
from pathlib import Path

import pytest

from chain import network
from chain.finality import Finality
from chain.keccak import keccak
from channels.stores.postgres.opening import PostgresStore
from earnest.worker.errors import BadConfig
from earnest.worker.metrics import COUNTERS, GAUGES
from earnest.worker.opening import _till, secrets_of, signer_of
from earnest.worker.plan import plan
from earnest.worker.reading import read_config
from tests.earnest.worker.values import OTHER_SECRET, PAYEE, SECRET

PAGE = (Path(__file__).parents[3] / "docs/worker.md").read_text("utf-8")
KEY = "0x" + keccak(b"key").hex()
ENVIRONMENT = {"KEY": KEY, "SHOP": SECRET}
WHOLE = f"""
network = "base"
rpc = ["https://node.example/v2/a-secret-path", "env:RPC"]
store = "state/worker.db"
port = 0
quorum = 2
finality = {{confirmations = 12}}
lease = 5
max_lag = 60
parties = ["{PAYEE}"]

[key]
env = "KEY"

[follower]
store = "follower.db"
from_block = 7

[settlement]
till = "till.db"
margin = 60
max_wait = 3600

[outbox]
max_fee = 1.5

[expiries]
agreements = "."

[tower]
margin = 60
rows = 400

[[endpoint]]
name = "shop"
url = "https://shop.example/hook/of-shop?key=url-secret"
secrets = ["env:SHOP", "file:old-secret"]
finality = ["final"]
give_up_days = 2
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "old-secret").write_text(OTHER_SECRET + "\n")
    return tmp_path


def written(folder: Path, text: str) -> Path:
    (folder / "worker.toml").write_text(text)
    return folder / "worker.toml"


def test_every_line_is_read_and_paths_count_from_the_file(folder: Path) -> None:
    config = read_config(written(folder, WHOLE), ENVIRONMENT | {"RPC": "https://other.example/"})

    assert config.rpc == ("https://node.example/v2/a-secret-path", "https://other.example/")
    assert (config.quorum, config.finality) == (2, Finality.confirmations(12))
    assert config.outbox
    assert (config.store, config.outbox.store) == (folder / "state/worker.db", folder / "outbox.db")
    assert config.outbox.fees == replace(network.load("base").fees, max_fee=1_500_000_000)
    assert config.follower
    assert (config.follower.from_block, config.lease, config.port) == (7, 5, 0)
    assert config.settlement
    settlement = config.settlement
    assert (settlement.till, settlement.margin, settlement.max_wait) == (str(folder / "till.db"), 60, 3_600)
    assert config.tower
    assert (config.tower.store, config.tower.margin, config.tower.rows) == (folder / "tower.db", 60, 400)
    assert config.expiries
    assert config.expiries.agreements == folder
    (shop,) = config.endpoints
    assert [secret.reveal() for secret in shop.secrets] == [SECRET, OTHER_SECRET]
    assert (shop.finality, shop.give_up) == (("final",), 2 * 86_400)


def test_the_least_file_has_defaults_for_the_rest(folder: Path) -> None:
    config = read_config(written(folder, 'network = "base"\nrpc = ["https://node.example"]'), {})

    assert (config.host, config.port, config.store) == ("127.0.0.1", 9464, folder / "worker.db")
    assert not config.endpoints
    assert signer_of(config.keys, {}) is None


LEAST = 'network = "base"\nrpc = ["https://node.example"]\n'
SHOP = '[follower]\n[[endpoint]]\nname = "shop"\nurl = "https://shop.example"\nsecrets = ["env:SHOP"]\n'


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("no toml", "worker.toml"),
        ('rpc = ["https://node.example"]', "network"),
        ('network = "nowhere"\nrpc = ["https://node.example"]', "network"),
        ('network = "base"', "rpc"),
        ('network = "base"\nrpc = []', "rpc"),
        ('network = "base"\nrpc = [1]', "rpc[0]"),
        ('network = "base"\nrpc = ["env:MISSING"]', "rpc[0]"),
        (LEAST + "port = 65536", "port"),
        (LEAST + 'port = "9464"', "port"),
        (LEAST + "port = true", "port"),
        (LEAST + "quorum = 2", "quorum"),
        (LEAST + "quorum = 0", "quorum"),
        (LEAST + 'finality = "soon"', "finality"),
        (LEAST + "finality = {confirmations = 0}", "finality"),
        (LEAST + "lease = 0", "lease"),
        (LEAST + "lease = nan", "lease"),
        (LEAST + "max_lag = 0", "max_lag"),
        (LEAST + "max_round = 0", "max_round"),
        (LEAST + "stroe = 1", "stroe"),
        (LEAST + 'parties = ["0x00"]', "parties[0]"),
        (LEAST + "[key]", "key"),
        (LEAST + '[key]\nenv = "A"\nkeyring = "B"', "key"),
        (LEAST + '[key]\nenv = "A"\nmore = "B"', "key.more"),
        (LEAST + "[settlement]", "settlement"),
        (LEAST + "[outbox]", "outbox"),
        (LEAST + '[key]\nenv = "KEY"\n[outbox]\nmax_fee = 0', "outbox"),
        (LEAST + '[key]\nenv = "KEY"\n[outbox]\nmax_tip = -1', "outbox.max_tip"),
        (LEAST + '[key]\nenv = "KEY"\n[outbox]\nmax_fees = 5', "outbox.max_fees"),
        (LEAST + '[key]\nenv = "KEY"\n[settlement]\nmargin = 0', "settlement.margin"),
        (LEAST + '[key]\nenv = "KEY"\n[settlement]\nmax_wait = 59', "settlement.max_wait"),
        (LEAST + '[key]\nenv = "KEY"\n[settlement]\nevry = 1', "settlement.evry"),
        (LEAST + '[key]\nenv = "KEY"\n[settlement]\nmark = "till.mark"', "settlement.mark"),
        (LEAST + '[key]\nenv = "KEY"\n[expiries]\nagreements = "none"', "expiries.agreements"),
        (LEAST + '[key]\nenv = "KEY"\n[expiries]\n', "expiries.agreements"),
        (LEAST + "[outbox]\n[tower]\n", "outbox"),
        (LEAST + '[key]\nenv = "KEY"\n[tower]\n', "tower"),
        (LEAST + '[key]\nenv = "KEY"\n[outbox]\n[tower]\nclients = ["0x1"]\n', "tower.clients[0]"),
        (LEAST + '[key]\nenv = "KEY"\n[outbox]\n[tower]\nmargin = 3\n', "tower.margin"),
        (LEAST + '[key]\nenv = "KEY"\n[outbox]\n[tower]\nrows = 0\n', "tower.rows"),
        (LEAST + "[follower]\nfrom_block = -1", "follower.from_block"),
        (LEAST + "follower = 1", "follower"),
        (LEAST + SHOP.removeprefix("[follower]\n"), "endpoint"),
        (LEAST + SHOP + SHOP.removeprefix("[follower]\n"), "endpoint[1].name"),
        (LEAST + SHOP + 'nmae = "x"', "endpoint[0].nmae"),
        (LEAST + SHOP + "give_up_days = 0", "endpoint[0].give_up_days"),
        (LEAST + SHOP + "answer_within = 61", "endpoint[0].answer_within"),
        (LEAST + SHOP + 'finality = ["sure"]', "endpoint[0].finality"),
        (LEAST + SHOP.replace('"shop"', '"No Name"'), "endpoint[0].name"),
        (LEAST + SHOP.replace("https://shop", "http://shop"), "endpoint[0].url"),
        (LEAST + SHOP.replace('"env:SHOP"', '"env:SHOP", "short"'), "endpoint[0].secrets[1]"),
        (LEAST + SHOP.replace('"env:SHOP"', '"file:missing"'), "endpoint[0].secrets[0]"),
        (LEAST + SHOP.replace('"env:SHOP"', ""), "endpoint[0].secrets"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(folder: Path, text: str, key: str) -> None:
    with pytest.raises(BadConfig) as refused:
        read_config(written(folder, text), ENVIRONMENT)

    assert refused.value.key.endswith(key)


def test_the_documented_file_is_read(folder: Path) -> None:
    (folder / "agreements").mkdir()
    example = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert example

    text = example[1].replace("0x...", PAYEE)
    config = read_config(written(folder, text), ENVIRONMENT | {"SECOND_NODE": "https://b", "SHOP_SECRET": SECRET})

    assert (len(config.endpoints), config.quorum, config.finality) == (1, 2, Finality.finalized())


@pytest.mark.parametrize("name", [*(f"{name}_total" for name in COUNTERS), *GAUGES])
def test_every_metric_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_the_plan_holds_no_secret_and_the_log_knows_them_all(folder: Path) -> None:
    environment = ENVIRONMENT | {"RPC": "https://user:rpc-password@other.example/", "EARNEST_PASSWORD": "of-the-key"}
    config = read_config(written(folder, WHOLE), environment)

    said, known = "\n".join(plan(config)), secrets_of(config, environment)

    assert "webhook shop: to https://shop.example, final; disabled after 2 days" in said
    for text in ("a-secret-path", "url-secret", "of-shop", "rpc-password", SECRET[6:], OTHER_SECRET[6:], KEY[2:]):
        assert text not in said
        assert any(text in secret for secret in known)
    assert "of-the-key" in known


def test_the_key_is_where_the_file_says(folder: Path) -> None:
    config = read_config(written(folder, WHOLE), ENVIRONMENT | {"RPC": "https://other.example/"})
    signer = signer_of(config.keys, ENVIRONMENT)
    assert signer
    assert KEY[2:] not in repr(signer)
    with pytest.raises(BadConfig):
        signer_of(config.keys, {})

    signer.save(folder / "key.json", "of-the-key")
    stored = read_config(written(folder, LEAST + '[key]\nkeystore = "key.json"'), {})
    found = signer_of(stored.keys, {"EARNEST_PASSWORD": "of-the-key"})
    assert found
    assert found.address == signer.address


def test_a_till_in_postgresql_has_its_mark_where_the_file_says(folder: Path) -> None:
    text = LEAST + '[key]\nenv = "KEY"\n[settlement]\ntill = "postgresql://shop@db/shop"\nmark = "marks/till"'
    settlement = read_config(written(folder, text), ENVIRONMENT).settlement
    assert settlement
    assert _till(settlement) == PostgresStore("postgresql://shop@db/shop", mark=folder / "marks" / "till")
