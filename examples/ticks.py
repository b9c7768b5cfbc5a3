"""Paid by the word, on a chain in this process: a signature for every 256 words, and a hash for each of the others."""

from datetime import timedelta

from earnest import Chain, Payee, Payer, Signer

with Chain.local() as chain:
    ann, shop, usdc = Signer.generate(), Signer.generate(), chain.token("USDC")
    chain.fund(ann.address, usdc="10")
    chain.fund(shop.address, usdc="0")
    with Payer(chain, ann, store=":memory:") as wallet, Payee(chain, shop, store=":memory:") as till:
        lane = wallet.open(shop.address, deposit=usdc("10"), closing_period=timedelta(days=1))
        ticks = wallet.ticks(lane, each=usdc("0.001"), count=5_000)
        meter = till.meter(ticks.opening)
        for _ in range(1_000):
            meter.tick(next(ticks))
            if ticks.fold_due:
                meter.fold(wallet.fold_ticks(ticks))
        till.close(lane)
    print(f"Ann has {chain.balance(usdc, ann.address)}, the shop {chain.balance(usdc, shop.address)}")
