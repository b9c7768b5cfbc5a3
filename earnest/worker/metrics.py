"""What Prometheus reads. A registry of its own: nothing else of the process is in it."""

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from earnest.worker.report import Report

COUNTERS = {
    "events": ("Events read of the chain", ("contract", "event")),
    "events_undone": ("Events that a reorganisation undid", ("contract", "event")),
    "webhook_messages": ("Messages kept for delivery", ()),
    "webhook_deliveries": ("Deliveries that arrived", ("endpoint",)),
    "webhook_failures": ("Attempts that failed", ("endpoint", "reason")),
    "settlement_steps": ("Steps submitted to the chain", ()),
    "settlement_skipped": ("Channels that the chain refused to pay now", ()),
    "tower_acts": ("Answers that the watchtower has begun", ()),
    "payments_expired": ("Holds ended by the clock", ()),
    "rounds": ("Rounds of a part", ("part",)),
    "errors": ("Rounds that failed", ("part", "type")),
}
GAUGES = {
    "follower_head_block": ("Newest block that was read", ()),
    "follower_final_block": ("Newest block that is final", ()),
    "follower_behind_seconds": ("Age of the newest block that was read", ()),
    "webhook_pending": ("Messages that wait", ("endpoint",)),
    "webhook_oldest_seconds": ("Age of the oldest message that waits", ("endpoint",)),
    "webhook_disabled": ("1 where nothing is sent until a person enables it", ("endpoint",)),
    "outbox_open_intents": ("Transactions that are not final", ()),
    "outbox_findings": ("Transactions that are held up, as the last round found", ()),
    "tower_jobs": ("Channels that the watchtower guards", ()),
    "tower_exhausted": ("Those for which so much was sent that nothing more will be", ()),
    "tower_lag_seconds": ("How late its most overdue look is", ()),
    "money_at_risk_units": ("Accepted and not settled, in base units rounded to 53 bits", ("token",)),
    "money_unconfirmed_units": ("The part of it without a final deposit, in base units rounded to 53 bits", ("token",)),
    "last_claim_timestamp_seconds": ("When the last claim was included, in Unix seconds", ()),
    "last_round_timestamp_seconds": ("When a part's last round ended well, in Unix seconds", ("part",)),
    "lease_held": ("1 where this worker works, 0 where it waits", ()),
}


class Metrics:
    """Names begin with `earnest_`, counters end with `_total`."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._counters = {
            name: Counter(f"earnest_{name}", text, labels, registry=self._registry)
            for name, (text, labels) in COUNTERS.items()
        }
        self._gauges = {
            name: Gauge(f"earnest_{name}", text, labels, registry=self._registry)
            for name, (text, labels) in GAUGES.items()
        }

    def take(self, report: Report) -> None:
        """What a round has done."""
        for count in report.counts:
            self.count(count.name, *count.labels, more=count.more)
        for gauge in report.gauges:
            self.set(gauge.name, gauge.value, *gauge.labels)

    def count(self, name: str, *labels: str, more: float = 1) -> None:
        """Adds to a counter."""
        counter = self._counters[name]
        (counter.labels(*labels) if labels else counter).inc(more)

    def set(self, name: str, value: float, *labels: str) -> None:
        """Sets a gauge."""
        gauge = self._gauges[name]
        (gauge.labels(*labels) if labels else gauge).set(value)

    def text(self) -> bytes:
        """In the text format that Prometheus reads."""
        return generate_latest(self._registry)
