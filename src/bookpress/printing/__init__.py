"""The removable wing of print production: what a printer asks of a file, and whether it is so.

inside       PDF -> facts: boxes, colours, images, fonts, marks (the wing's only use of pikepdf)
inks         PDF -> what each ink covers, by Ghostscript
preflight    facts and a profile -> verdicts, one for each demand of the printer
jacket       the same for the cover that goes around the pages
certificate  verdicts -> the certificate, as text or JSON
commands     the commands of the command line
"""
