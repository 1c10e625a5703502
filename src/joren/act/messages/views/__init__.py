"""Doors that anybody may come to: no session, no cookie, no sign-in."""
