import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

PAID_BACK = """
    def test_buyer_is_paid_back(earnest):
        payment = earnest.authorized("120", if_expired="payer")
        with earnest.moves(payer="+120", payee="0"):
            earnest.at(payment.terms.authorization_expiry)
            earnest.stranger.escrow.expire(payment)
"""


def test_a_fresh_project_has_the_fixture(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(PAID_BACK)

    pytester.runpytest_subprocess("--strict-markers").assert_outcomes(passed=1)


def test_failing_moves_show_the_test_and_the_table(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(PAID_BACK.replace('payee="0"', 'payee="+120"'))

    answer = pytester.runpytest_subprocess()

    answer.assert_outcomes(failed=1)
    answer.stdout.fnmatch_lines(
        [
            '>*with earnest.moves(payer="+120", payee="+120"):',
            "E*USDC moved otherwise than expected:",
            "E*payer*880*1000*+120*+120",
            "E*payee*1000*1000*0*+120*<- wrong",
        ]
    )
    answer.stdout.no_fnmatch_line("*raise AssertionError*")


def test_tests_share_a_chain_and_leave_no_traces(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        from datetime import timedelta

        import pytest

        @pytest.mark.parametrize("turn", range(3))
        def test_spend_it_all(earnest, turn):
            assert earnest.chain.balance(earnest.usdc, earnest.payer.address) == earnest.usdc("1000")
            deposit = earnest.usdc("1000")
            lane = earnest.payer.wallet.open(earnest.payee.address, deposit, timedelta(days=1))
            earnest.payee.till.accept(earnest.payer.wallet.pay(lane, earnest.usdc("1")))
            earnest.payee.till.close(lane)
    """)

    pytester.runpytest_subprocess().assert_outcomes(passed=3)


@pytest.mark.anvil
@pytest.mark.parametrize(("option", "marker"), [("--earnest-chain=anvil", ""), ("-ra", "@pytest.mark.anvil")])
def test_the_option_or_the_marker_chooses_anvil(pytester: pytest.Pytester, option: str, marker: str) -> None:
    pytester.makepyfile(f"""
        import pytest

        {marker}
        def test_reorganise(earnest):
            payment = earnest.authorized("120", if_expired="payer")
            earnest.reorg(1)
            assert not earnest.payer.escrow.show(payment).holding.used
    """)

    pytester.runpytest_subprocess(option, "--strict-markers").assert_outcomes(passed=1)


def test_the_help_names_the_option(pytester: pytest.Pytester) -> None:
    pytester.runpytest_subprocess("--help").stdout.fnmatch_lines(["*--earnest-chain={eth-tester,anvil}*"])


def test_loading_the_plugin_imports_neither_web3_nor_our_packages() -> None:
    program = "import sys, earnest.testing.plugin; print(*sys.modules)"

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert not set(ended.stdout.split()) & {"web3", "eth_tester", "chain", "escrow", "channels", "deploy"}
