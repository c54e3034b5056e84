"""Talking to Pipedrive over HTTP."""
