"""The rules of the press: code -> severity, sentence, reason. One table, and the only one.

S structure, L links, B page budgets, T typesetting, E packages, X listings, A allowances.
"""

from __future__ import annotations

from dataclasses import dataclass

from bookpress.findings import Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked of a book and why."""

    code: str
    severity: Severity
    sentence: str
    why: str


_TABLE = (
    Rule("S001", ERROR, "A chapter has exactly one heading of level 1, and it comes first.",
         "Contents, running heads and navigation take the chapter's title from it."),
    Rule("S002", ERROR, "Heading levels are not skipped.",
         "Readers who navigate by headings, and PDF/UA, rely on an unbroken order."),
    Rule("S003", ERROR, "A heading has text.",
         "An empty heading is an empty line in the contents and a link without a name."),
    Rule("S004", ERROR, "An identifier stands once in its chapter, a numbered one in the book.",
         "A link to a doubled identifier leads to the first one only."),
    Rule("S005", ERROR, "The title in book.yml equals the chapter's heading.",
         "The contents and the chapter would disagree in print."),
    Rule("S006", NOTE, "A planned chapter is left out of the editions.",
         "The outline is the promise; this is what is still owed."),
    Rule("S007", ERROR, "A chapter has text.",
         "A heading alone makes an empty recto in print."),
    Rule("S008", ERROR, "An identifier is a valid XML name of letters, digits, hyphens and dots.",
         "EPUB and PDF refuse others, a colon for one."),
    Rule("S009", ERROR, "The manuscript holds no HTML but comments.",
         "HTML means different things in print, EPUB and web; a broken tag breaks an edition."),
    Rule("S010", ERROR, "A variable has a value in book.yml.",
         "Its name would be printed."),
    Rule("L001", ERROR, "A link to a file leads to a file of the book.",
         "A file outside the outline is in no edition."),
    Rule("L002", ERROR, "A link to an identifier leads to one that exists.",
         "The reader would land nowhere, and the printed page number would be wrong."),
    Rule("L003", ERROR, "An image exists, inside the book's folder.",
         "The edition would have a hole."),
    Rule("L004", ERROR, "An image has a text alternative.",
         "Readers who cannot see it are told nothing; EPUB Accessibility and PDF/UA demand it."),
    Rule("L005", ERROR, "A picture has at least 300 pixels an inch where it is printed.",
         "Printers refuse or blur coarser ones."),
    Rule("L006", ERROR, "A footnote is defined once and called once.",
         "An undefined call stays as literal text; an unused note is lost."),
    Rule("L007", ERROR, "An external link is a well-formed http, https or mailto address.",
         "Shops reject books with broken addresses."),
    Rule("L008", ERROR, "A link has a text, or leads to something numbered.",
         "An empty link is filled with the target's number; other targets have none."),
    Rule("L009", ERROR, "A link of a finished edition leads to a target in it.",
         "What the source promises must hold in each format that is sold."),
    Rule("B001", ERROR, "A part keeps its page budget.",
         "The print run, the spine and the price are planned from it."),
    Rule("B002", WARNING, "A chapter keeps its page budget.",
         "A part's pages are shared out among its chapters."),
    Rule("B003", WARNING, "The castoff of a part is within its budget.",
         "The words alone say that the budget will be missed, before anything is typeset."),
    Rule("T001", ERROR, "A line of a listing fits the measure.",
         "A broken line of code is misread; the mark in print is a last resort."),
    Rule("T002", ERROR, "Nothing runs beyond the type area.",
         "What is wider than the measure is cut off by the trim or runs into the gutter."),
    Rule("T003", ERROR, "The typesetter has no complaint.",
         "WeasyPrint only logs a missing anchor, font or image; the page shows nothing."),
    Rule("T004", ERROR, "Every character has a glyph in the book's own fonts.",
         "A missing glyph prints as a box, or falls back to a font of the machine."),
    Rule("T005", WARNING, "No line in mid-paragraph is shorter than 60 % of the measure.",
         "It reads as the end of a paragraph."),
    Rule("T006", ERROR, "Pandoc reads the manuscript without a complaint.",
         "What the reader warns about is usually printed as literal text."),
    Rule("E001", ERROR, "The EPUB's documents are well-formed and their text is the manuscript's.",
         "Packaging must lose nothing."),
    Rule("E002", ERROR, "Everything in the EPUB is in its manifest, and its spine is complete.",
         "Reading systems drop what the package does not list."),
    Rule("E003", ERROR, "An identifier stands once in a document of an edition.",
         "A link to a doubled identifier leads to the first one only."),
    Rule("E004", ERROR, "What the EPUB says about its accessibility is so.",
         "Readers who depend on a feature buy the book for it."),
    Rule("X001", ERROR, "A block of an executable book says what it is.",
         "A listing that is neither run nor said to be shown is one nobody has tried."),
    Rule("X002", ERROR, "The attributes of a block are known, and fit its kind.",
         "A misspelt attribute would be passed over, and the block would do something else."),
    Rule("X003", ERROR, "A block that is shown says why it is not run.",
         "The reason is printed; without one the reader must guess."),
    Rule("X004", ERROR, "A recorded block says on which day and where it was run.",
         "It is not run again, so its age is all a reader can go by."),
    Rule("X005", ERROR, "A session begins with a command.",
         "Output without a command cannot be checked."),
    Rule("X006", ERROR, "A block has at most 25 lines.",
         "A longer one runs over the page, and is skipped rather than read."),
    Rule("X008", ERROR, "Callouts and the list right below the block match.",
         "A number without its explanation leads nowhere."),
    Rule("X009", ERROR, "At most 8 % of the listings and sessions are not run.",
         "The book promises that what it shows has been run."),
    Rule("X010", ERROR, "A block that is to be run begins in column 1.",
         "Inside a list or a quotation its lines are not those of the source."),
    Rule("X011", ERROR, "A block with a caption has an identifier, and the other way round.",
         "Number, caption and references belong together."),
    Rule("X020", ERROR, "A session shows what its commands print.",
         "The reader who types them sees something else."),
    Rule("X021", ERROR, "A command exits with the code that its session expects.",
         "What follows rests on it."),
    Rule("X022", ERROR, "A command ends within its time.",
         "One that waits for something would stop every reader as well."),
    Rule("X023", ERROR, "A command prints at most 1 MiB.",
         "More is a mistake, and no page shows it."),
    Rule("X024", ERROR, "An excerpt occurs in its file.",
         "The page and the program have gone separate ways."),
    Rule("X025", ERROR, "A diff fits its file.",
         "A reader who applies it is refused."),
    Rule("X026", ERROR, "A file that a chapter writes is accepted by its validator.",
         "A workflow cannot be run here; its schema can be kept."),
    Rule("X027", ERROR, "A chapter is run after those before it.",
         "It starts from the files that they leave."),
    Rule("X028", ERROR, "What a command prints can stand in a session.",
         "A line that looks like a command would be run the next time."),
    Rule("X029", WARNING, "A workflow passes zizmor's audit.",
         "Readers copy workflows, with their weaknesses."),
    Rule("A001", ERROR, "An allowance in book.yml is used.",
         "A permission nobody needs hides the next mistake."),
    Rule("A002", ERROR, "An allowance names a rule and a file of the book.",
         "One that names nothing permits nothing."),
)  # fmt: skip

RULES = {rule.code: rule for rule in _TABLE}
