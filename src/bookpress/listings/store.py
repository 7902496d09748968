"""What the wing asks of the press's cache; its only door to it."""

from bookpress.cache import Store, digest, write_whole

__all__ = ["Store", "digest", "write_whole"]
