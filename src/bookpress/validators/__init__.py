"""The removable wing of independent validators: programs of others judge the finished editions.

panel      which validator judges which edition, under which rule; verdicts -> findings
verdict    what a validator says, and of what
toolbox    where the validators are on this machine, and what to type if one is missing
epubcheck  EPUB -> conformance with EPUB 3.3, by EPUBCheck
ace        EPUB -> accessibility, by DAISY Ace
verapdf    screen PDF -> conformance with PDF/UA-1 and PDF/A-3a, by veraPDF's engine
parsers    PDF -> whether qpdf and Ghostscript read it without a complaint
nu         web edition -> conformance with HTML, CSS and SVG, by the Nu checker
browser    web edition -> accessibility by axe-core, and use by keyboard, in Chromium
lychee     web edition -> links and fragments that lead nowhere
copies     manuscript -> what the buttons of the web edition must copy
commands   the commands of the command line

A validator's report is parsed by a pure function; only its runner starts a program.
"""
