"""Tokens are written into the style sheets that use them."""

from __future__ import annotations

from bookpress.formats.tokens import write_in


def test_a_token_is_replaced_by_its_value() -> None:
    css = ":root { --ink: #000; --size: 10pt }\np { color: var(--ink); font: var( --size )/1 x }"

    assert write_in(css).strip() == "p { color: #000; font: 10pt/1 x }"


def test_the_last_definition_counts_and_tokens_may_name_tokens() -> None:
    css = ":root { --a: 1pt; --b: var(--a) } p { top: var(--b) } :root { --a: 2pt }"

    assert "top: 2pt" in write_in(css)


def test_what_boxes_are_asked_for_stays() -> None:
    assert write_in(":root { --a: 1pt; --b: 2pt }", kept=("--b",)).startswith(":root { --b: 2pt }")


def test_what_is_not_defined_is_left_for_the_typesetter_to_report() -> None:
    assert write_in("p { top: var(--missing) }") == "p { top: var(--missing) }"


def test_circles_end() -> None:
    assert "var(--" in write_in(":root { --a: var(--b); --b: var(--a) } p { top: var(--a) }")


def test_a_comment_defines_nothing() -> None:
    assert write_in("/* :root { --a: 1pt } */p { top: var(--a) }") == "p { top: var(--a) }"
