import tomllib

from deploy.compile import ROOT
from deploy.settings import compiler_settings


def test_forge_runs_the_artifacts_on_the_machine_that_they_are_compiled_for() -> None:
    forge, settings = tomllib.loads((ROOT / "foundry.toml").read_text())["profile"]["default"], compiler_settings()

    assert forge["evm_version"] == settings["evmVersion"]
    assert forge["remappings"] == settings["remappings"]
    assert {"access": "read", "path": "chain/artifacts"} in forge["fs_permissions"]


def test_no_solidity_test_deploys_code_that_forge_compiled() -> None:
    deployed = [
        line.strip()
        for path in (ROOT / "tests" / "contracts").rglob("*.sol")
        for line in path.read_text().splitlines()
        if "deployCode(" in line and "function deployCode" not in line
    ]

    assert deployed
    assert [line for line in deployed if "chain/artifacts/" not in line] == []
