"""book.yml -> Book: what the author wrote, typed and checked, with the position of every entry.

yamltree    text -> values with places              [the only module that imports yaml]
syntax      what the YAML parser says -> an author's words
vocabulary  words of the trade: roles, statuses, MARC codes
fields      one value -> the press's own units
schema      values -> the outline as written        [the only module that imports pydantic]
complaints  what the schema refused -> sentences with a remedy
files       the files that are named -> what is wrong with them
reading     all of these, in order
"""

from bookpress.outline.reading import NAME, load
from bookpress.outline.schema import json_schema

__all__ = ["NAME", "json_schema", "load"]
