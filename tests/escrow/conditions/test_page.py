import hashlib
import re
from pathlib import Path

from chain.typed_data import TypedData
from escrow.conditions import messages
from tests.escrow.conditions.cases import ANN, BOB, CAROL, LEAVES, NOW, PREIMAGE, SUBJECT, TREES

PAGE = (Path(__file__).parents[3] / "docs" / "conditions.md").read_text("utf-8")


def test_the_examples_of_the_page_run() -> None:
    names = {"ann": ANN, "bob": BOB, "carol": CAROL, "payment": SUBJECT, "now": NOW}
    names["digest"] = hashlib.sha256(PREIMAGE).digest()
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)

    assert len(blocks) == 3
    for block in blocks:
        exec(block, names)  # noqa: S102 -- our own page


def test_the_page_has_a_row_for_each_condition_and_each_signed_type() -> None:
    signed: list[type[TypedData]] = [messages.Approval, messages.Attestation]

    assert all(f"\n| {condition.contract} |" in PAGE for condition in [*LEAVES, *TREES])
    assert all(f"    {message.type_string}\n" in PAGE for message in signed)
