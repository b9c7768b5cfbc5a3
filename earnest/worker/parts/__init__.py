"""What the worker does: follow, tell, deliver, settle, send, expire."""
