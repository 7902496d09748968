"""The removable wing of review: drafts, what people say of them, and what became of it.

model      a comment, where it is today, and what the author decided; immutable
w3c        comments <-> W3C Web Annotations, the form in which they travel and are kept, `clean`
store      comments <-> SQLite, which loses nothing that was acknowledged
reviews    the book's folder -> its comments: of the store, and of the files under version control

text       fragments -> the text of a chapter as readers see it, which anchors are offsets into
words      text and source -> the source line of every word
anchor     a comment and today's texts -> its place, or none: an orphan rather than a wrong one
history    a commit -> the book as it was, for drafts that were made of it

importing  files that reviewers send -> comments: annotations, `issues`, `wordcomments`,
           `pdfcomments` (which `pdfnotes` reads in a process of its own, and `pagewords` places)
listing    comments -> what an author reads of them; `letters` for reviewers, `notes` for `check`
draft      a manuscript -> one HTML file to comment on, and its PDF (`paper`)
server     a draft -> the same, served to several reviewers
changes    two versions of a book -> an edition that shows what has changed
commands   the commands of the command line
"""
