"""Delivery: outbox to gateway, afterwards and elsewhere. One letter, one lease, every attempt recorded."""
