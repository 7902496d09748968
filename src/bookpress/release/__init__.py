"""The removable wing of releases: from a tag to a publisher who can verify every byte.

version     "2026.11.0-rc.1" -> what kind of release it is, and which is newer
repository  git -> facts about the book's history, and the source archive
check       book.yml, history, changelog -> what forbids the release
manifest    a kit's manifest.json, read and written
names       roles -> the flat names of a kit's files
metadata    book -> metadata.json and, through `onix`, ONIX messages for the trade
changes     two commits -> what has changed between two releases
kit         editions and what other wings contribute -> all files of the kit
inside      a finished file -> the facts that it shows itself: pages, versions, ISBNs
verify      a folder that claims to be a kit -> findings; trusts nothing in it
errata      errata.yml and the page maps of printings -> where readers find the mistakes
hub         what workflows do on GitHub, through `gh`
commands    the commands of the command line; `pipeline`, those that only workflows call
"""
