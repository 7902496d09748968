"""The removable wing of review: drafts, what people say of them, and what became of it.

model      a comment, where it is today, and what the author decided; immutable
w3c        comments <-> W3C Web Annotations, the form in which they travel and are kept
text       fragments -> the text of a chapter as readers see it, which anchors are offsets into
words      text and source -> the source line of every word
anchor     a comment and today's texts -> its place, or none: an orphan rather than a wrong one
store      comments <-> SQLite, which loses nothing that was acknowledged
commands   the commands of the command line
"""
