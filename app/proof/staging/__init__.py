"""Bringing every answer of a guard about in the real application, just in time and with invented people."""

from app.proof.staging import addresses, codes, logins, match, pages, passwords, sending, times

__all__ = ["addresses", "codes", "logins", "match", "pages", "passwords", "sending", "times"]
