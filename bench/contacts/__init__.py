"""Contacts against brute force."""
