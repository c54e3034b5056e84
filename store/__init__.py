"""Rows at rest behind a connection, and the readers that bring them there."""
