"""What has changed in a book since a commit, as an edition of its own.

nodes      a fragment of HTML <-> elements and text
pieces     elements -> what is compared of them: blocks, words, and what a reader does not see
inlines    the words of two blocks -> one block in which they are struck out and added
blocks     two fragments -> one that is marked, and the list of its changes
settle     a marked fragment -> the new text, or the old one
earlier    what somebody calls a commit -> the commit
pairs      two manuscripts -> which chapter has become which, and what book.yml says otherwise
marking    two manuscripts -> every chapter marked, in one format
pages      changes and page maps -> the pages that have changed
paged      marked chapters -> PDF
online     marked chapters -> one HTML file
editions   all of these, in order
commands   the command line
"""
