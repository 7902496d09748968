"""A press for books: plain Markdown and an outline in, proven editions out.

The stages, in the order of `bookpress.build`, which is the pipeline written out once:

    outline     book.yml                          -> Book, with the position of every entry
    read        manuscript/*.md                   -> a Tree a chapter, positions on every block
    survey      trees                             -> Survey: headings, links, listings, words
    check       Book, Survey                      -> findings, before anything is typeset
    fragment    tree, survey, format              -> the chapter's HTML for one format
    typeset     fragments, styles                 -> pages a section, until page numbers are stable
    bind        pages                             -> one PDF and its page map
    package     fragments, page map               -> EPUB; web edition
    prove       pages, packages                   -> findings about what was made
"""

__version__ = "0.1.0"
