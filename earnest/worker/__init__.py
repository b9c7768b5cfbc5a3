"""What a payee runs beside its shop: it follows, settles, sends, expires, and tells the shop by signed webhooks.

Any number of workers may run on one file; the one that has the lease works, the others wait for it to run out.
"""
