"""The removable wing of executable chapters: what the book shows has been run.

source     book.yml and chapters -> scripts, through `blocks`, which tells fenced blocks apart
play       scripts -> runs, in a `sandbox` with the tools of `toolbox`; `snapshots` keep their trees
runner     one chapter's blocks, in order: files, `patches`, and commands in a `shell`
validate   files nobody can run here -> what their validators say
check      scripts -> findings before anything is run
verify     runs -> findings, through `compare` and `normalise`
record     runs -> the manuscript, its outputs as printed
score      how many blocks are executed, for the editions
companion  runs -> the files at the end of every chapter, for readers
commands   the commands of the command line
"""
