"""Editions: what each format makes of the fragments, from sheets to bound pages and packages."""
