#!/usr/bin/env bash
# The checklist "An existing project", rehearsed: each step is made, undone, compared and made again.
#
# usage: bash adopt.sh PROJECT BOOK
#
# PROJECT  a copy of the folder rain, a small project of the old kind
# BOOK     the folder in which you followed the book; it holds weirwatch and ci
#
# "Undone" means: the same tracked files, nothing untracked, the same hooks, tags and settings of the
# clone as before the step. The answer of the program is compared after every move.
set -euo pipefail
book=$(cd "$2" && pwd)
cd "$1"
log=$PWD.log
answer="3 days, 15.7 mm, most on 2026-03-02"

must() { "$@" > "$log" 2>&1 || { cat "$log"; return 1; }; }
commit() { git add --all && must git commit --message "$1"; }
revert() { must git revert --no-edit "HEAD~${1:-1}..HEAD"; }
wheel() {  # the files in the wheel, and what an installer reads of it
  rm -rf ../wheel && must uv build --quiet --wheel --out-dir ../wheel
  python3.13 -m zipfile -e ../wheel/*.whl ../wheel/in
  (cd ../wheel/in && find . -type f | sort && grep -hE '^(Name|Version|Summary|Requires)|=' ./*/METADATA ./*/entry_points.txt)
}
state() {
  git rev-parse 'HEAD^{tree}' && git status --porcelain && git tag && git config --local --list
  find .git/hooks -type f ! -name '*.sample'
}
asked() {
  test "$(PYTHONPATH=.:src PYTHONDONTWRITEBYTECODE=1 uv run --quiet --isolated --no-project \
    --with-requirements requirements.txt python -m rain.report march.csv)" = "$answer"
}

try() {  # NUMBER TITLE: make it with make_N, take it back with undo_N, and make it again
  state > "$log.before"
  "make_$1" && asked
  state > "$log.made"
  ! cmp -s "$log.before" "$log.made"
  "undo_$1" && asked
  state | diff "$log.before" - && "make_$1" && asked
  printf '%2d  %-44s undone, nothing left\n' "$1" "$2"
}
hand() { printf '%2d  %-44s by hand\n' "$1" "$2"; }

make_1() { must git tag --annotate as-found --message "Before the pipeline"; }
undo_1() { must git tag --delete as-found; }

make_2() {
  mkdir -p tests && git mv test_rain.py tests/
  cat > tests/test_as_found.py <<END
"""What rain answers today, right or wrong."""

import subprocess
import sys


def test_answer_is_the_one_as_found() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rain.report", "march.csv"],
        capture_output=True, text=True, check=True,
    )

    assert done.stdout == "$answer\n"
END
  PYTHONDONTWRITEBYTECODE=1 must uv run --isolated --no-project --with-requirements requirements.txt \
    --with pytest==9.2.0 python -m pytest -p no:cacheprovider
  commit "Hold on to what rain answers"
}
undo_2() { revert; }

make_3() {
  mkdir -p .github/workflows
  cat > .github/workflows/ci.yml <<END
name: ci

on:
  pull_request:
  push:
    branches: [main]

permissions: {}

jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: astral-sh/setup-uv@20cfd1bf945f4377ade1205e4dbc17946fc9a30d # v10.0.1
        with:
          version: "0.13.9"
      - run: >-
          uv run --no-project --with-requirements requirements.txt
          --with pytest==9.2.0 python -m pytest
END
  commit "Report in CI what the tests say"
  must uv run --quiet "$book/ci/steps.py" .github/workflows/ci.yml test
}
undo_3() { revert; }

make_4() {
  wheel > "$log.old"
  git rm --quiet setup.py && cat > pyproject.toml <<END
[project]
name = "rain"
version = "1.4.2"
description = "Add up rainfall"
requires-python = ">=3.11"
dependencies = ["python-dateutil"]

[project.scripts]
rain = "rain.report:main"

[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
packages = ["rain"]
END
  wheel | diff "$log.old" -
  commit "Describe the distribution in pyproject.toml"
}
undo_4() { revert; }

make_5() {
  cp requirements.txt "$log.pins"
  uv python pin --quiet 3.13
  uv add --quiet python-dateutil -c requirements.txt
  uv add --quiet --dev pytest pytest-cov
  uv export --quiet --no-dev --no-header --no-hashes --no-annotate --no-emit-project | diff "$log.pins" -
  commit "Lock the versions that run today"
  must uv sync --locked
}
undo_5() { revert && rm -rf .venv; }

make_6() {
  must uvx --quiet ruff@0.17.6 format
  commit "Format with Ruff, nothing else"
  git log -1 --format=%H > .git-blame-ignore-revs
  commit "Leave the formatting out of blame"
}
undo_6() { revert 2; }

make_7() {
  printf 'required-version = "==0.17.6"\n' > ruff.toml
  uvx --quiet ruff@0.17.6 check --quiet --add-ignore="as found" > "$log" 2>&1
  must uvx --quiet ruff@0.17.6 check
  must uvx --quiet ruff@0.17.6 format --check
  commit "Mark what was there before the rules"
}
undo_7() { revert; }

make_8() {
  cp "$book/weirwatch/.pre-commit-config.yaml" .
  uvx --quiet detect-secrets@1.5.0 scan > .secrets.baseline
  uv add --quiet --dev pre-commit
  must uv run pre-commit install
  commit "Check each commit before it is made"
}
undo_8() { must uv run pre-commit uninstall && revert && must uv sync --locked; }

make_9() {
  sed -i.bak 's/--with pytest==9.2.0 python -m pytest/--with pytest==9.2.0 --with pytest-cov==7.1.0 python -m pytest --cov=rain/' \
    .github/workflows/ci.yml && rm .github/workflows/ci.yml.bak
  printf '\n[tool.coverage.run]\npatch = ["subprocess"]\n\n[tool.coverage.report]\nfail_under = 90\n' >> pyproject.toml
  echo ".coverage*" >> .gitignore
  commit "Let the coverage not fall"
  must uv run --quiet "$book/ci/steps.py" .github/workflows/ci.yml test
}
undo_9() { revert; }

make_11() {
  uvx --quiet bandit@1.9.4 --quiet --recursive rain --format json --output .bandit.json || true
  sed -i.bak '/"generated_at"/d' .bandit.json && rm .bandit.json.bak
  echo '      - run: uvx bandit@1.9.4 --quiet --recursive --baseline .bandit.json rain' >> .github/workflows/ci.yml
  commit "Accept no new finding of Bandit"
  must uv run --quiet "$book/ci/steps.py" .github/workflows/ci.yml test
}
undo_11() { revert; }

make_12() {
  wheel > "$log.old"
  mkdir -p src && git mv rain src/
  sed -i.bak 's/^packages = .*/package-dir = {"" = "src"}\npackages = ["rain"]/' pyproject.toml && rm pyproject.toml.bak
  sed -i.bak 's/ rain$/ src/; s/  uv run --no-project --with-requirements requirements.txt/  uv run --no-project --with-requirements requirements.txt --with ./' \
    .github/workflows/ci.yml && rm .github/workflows/ci.yml.bak
  sed -i.bak 's#"rain/#"src/rain/#g' .bandit.json && rm .bandit.json.bak
  wheel | diff "$log.old" -
  commit "Move the package to src"
  must uv run --quiet "$book/ci/steps.py" .github/workflows/ci.yml test
}
undo_12() { revert; }

make_14() {
  printf '{\n  "extends": ["config:recommended"],\n  "automerge": false\n}\n' > renovate.json
  must uvx --quiet check-jsonschema@0.39.0 --builtin-schema vendor.renovate renovate.json
  commit "Let Renovate propose updates"
}
undo_14() { revert; }

try 1 "a name for the state as found"
try 2 "a test of today's answer"
try 3 "CI that reports"
try 4 "pyproject.toml in place of setup.py"
try 5 "today's versions in a lock"
try 6 "one layout"
try 7 "rules for what is new"
try 8 "hooks"
try 9 "a floor under the coverage"
hand 10 "CI that blocks"
try 11 "scanners with a baseline"
try 12 "the package in src"
hand 13 "publishing without a token"
try 14 "updates that propose themselves"
hand 15 "the template"
