#!/usr/bin/env bash
# The checklist "A new project" as one script, from `uv init` to the first release.
#
# usage: bash new-project.sh NAME BOOK [HUB]
#
# NAME  the project and its package: lower-case letters and digits
# BOOK  the folder in which you followed the book; it holds weirwatch, ci and audit
# HUB   an empty repository on GitHub, as Git writes it
#
# Start it in an empty folder. What is done on a page of GitHub or PyPI is printed as "by hand", and
# with HUB the script waits there. Without HUB it rehearses: a bare repository stands in for GitHub,
# steps.py for its runners, and an index on this machine for PyPI.
set -euo pipefail
name=$1 book=$(cd "$2" && pwd) hub=${3:-}
here=$PWD

step() { printf '%2d  %s\n' "$1" "$2"; }
hand() { step "$1" "by hand: $2" && { [ -z "$hub" ] || read -r -p "    Return, when it is done " < /dev/tty; }; }
must() { "$@" > "$here/last.log" 2>&1 || { cat "$here/last.log"; return 1; }; }
fails() { ! "$@" > "$here/last.log" 2>&1; }
take() { for file; do mkdir -p "$(dirname "$file")"; sed "s/weirwatch/$name/g" "$book/weirwatch/$file" > "$file"; done; }
commit() { git add --all && must git commit -m "$1"; }
job() { must uv run --quiet "$book/ci/steps.py" ".github/workflows/$1" "$2"; }
guarded() { must uv run --no-project "$book/audit/osv.py" uv run --quiet "$book/ci/steps.py" .github/workflows/security.yml "$1"; }

step 1 "a package and its first commit"
uv init --quiet --lib "$name" --python 3.13
cd "$name"
test "$(find . -path ./.git -prune -o -type f -print | wc -l)" = 6
commit "Create the project with uv init"

step 2 "pyproject.toml with your decisions"
author=$(git config user.name) email=$(git config user.email)
cat > pyproject.toml <<END
[project]
name = "$name"
version = "0.0.1"
description = "One sentence for people who search"
readme = "README.md"
authors = [
    { name = "$author", email = "$email" }
]
requires-python = ">=3.11"
license = "MIT"
license-files = ["LICENSE"]
classifiers = [
    "Development Status :: 3 - Alpha",
    "Programming Language :: Python :: 3.11",
    "Programming Language :: Python :: 3.12",
    "Programming Language :: Python :: 3.13",
    "Typing :: Typed",
]
dependencies = []

[project.urls]
Source = "https://github.com/OWNER/$name"
Issues = "https://github.com/OWNER/$name/issues"

[project.scripts]
$name = "$name.cli:main"

[build-system]
requires = ["uv_build>=0.12,<0.14"]
build-backend = "uv_build"
END
printf '# %s\n\nOne sentence for people who search.\n\nOnce in each clone: `uv run pre-commit install`.\n' "$name" > README.md
sed "s/^Copyright.*/Copyright (c) $(date +%Y) $author/" "$book/weirwatch/LICENSE" > LICENSE
uvx --quiet "validate-pyproject[all]==0.27" pyproject.toml | grep -q "Valid file"

step 3 "developers' tools, and the lock"
uv add --quiet --dev pytest pytest-cov pre-commit
uv lock --check --quiet
git add --all && test -n "$(git ls-files uv.lock)"

step 4 "one behaviour, and a test that has been red"
printf '"""One sentence for people who read the code."""\n' > "src/$name/__init__.py"
mkdir tests && cat > tests/test_cli.py <<END
"""The command says who it is."""

from importlib.metadata import version

import pytest

from $name.cli import main


def test_command_prints_name_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    main()

    assert capsys.readouterr().out == f"$name {version('$name')}\n"
END
cat >> pyproject.toml <<END

[tool.pytest]
minversion = "9.0"
strict = true
testpaths = ["tests"]
addopts = ["-ra", "--import-mode=importlib"]
END
fails uv run pytest
cat > "src/$name/cli.py" <<END
"""The command line."""

from importlib.metadata import version


def main() -> None:
    """Print the name and the version."""
    print(f"$name {version('$name')}")
END
must uv run pytest

step 5 "the same tests on the oldest Python"
must uv run --isolated --python 3.11 pytest

step 6 "a floor under the coverage"
cat >> pyproject.toml <<END

[tool.coverage.run]
branch = true
source_pkgs = ["$name"]
patch = ["subprocess"]

[tool.coverage.report]
show_missing = true
skip_covered = true
fail_under = 95
END
echo ".coverage*" >> .gitignore
must uv run pytest --cov

step 7 "rules for the code, and its layout"
take ruff.toml tools/version_matrix.py tools/check_tag.py
must uvx --quiet ruff@0.17.6 format
must uvx --quiet ruff@0.17.6 check

step 8 "the same at each commit, and no secrets"
take .pre-commit-config.yaml
must uv run pre-commit install
uvx --quiet detect-secrets@1.5.0 scan > .secrets.baseline
git add --all
must uv run pre-commit run --all-files

step 9 "three questions for each pull request"
take .github/pull_request_template.md
commit "feat: say who you are"

step 10 "the repository on GitHub"
[ -n "$hub" ] || git init --quiet --bare ../hub.git
git remote add origin "${hub:-file://$here/hub.git}"
git push --quiet --set-upstream origin main

step 11 "CI on each Python that you claim"
take .github/workflows/ci.yml
uv run --no-project tools/version_matrix.py | grep -q '\["3.11", "3.12", "3.13"\]'
commit "ci: check and test each change"
GITHUB_OUTPUT=/dev/null job ci.yml python
job ci.yml hooks
for python in 3.11 3.12 3.13; do UV_PYTHON=$python job ci.yml test; done

step 12 "scanners that block"
take .github/workflows/security.yml semgrep/time.yml zizmor.yml
must uvx --quiet zizmor@1.32.0 --offline .
commit "ci: stop merges for known vulnerabilities"
guarded dependencies
guarded code
ZIZMOR_OFFLINE=true guarded workflows

step 13 "updates that propose themselves"
cat > renovate.json <<END
{
  "\$schema": "https://docs.renovatebot.com/renovate-schema.json",
  "extends": ["config:recommended", "helpers:pinGitHubActionDigests"],
  "rangeStrategy": "update-lockfile",
  "minimumReleaseAge": "7 days",
  "schedule": ["* 0-6 * * 1"],
  "lockFileMaintenance": {"enabled": true, "minimumReleaseAge": null}
}
END
must uvx --quiet check-jsonschema@0.39.0 --builtin-schema vendor.renovate renovate.json

step 14 "whom to tell about a vulnerability"
cat > SECURITY.md <<END
# Security

Use *Report a vulnerability* on the Security page of this repository, or write to
$email. You get an answer within two working days.

The newest minor version is supported.
END
commit "docs: say where to report a vulnerability"

step 15 "two builds, one hash, no surprise inside"
must uv build --clear
sha256sum dist/* > ../first.sums
must uv build --clear
sha256sum --quiet --check ../first.sums
must uvx --quiet twine==7.0.0 check --strict dist/*
must uvx --quiet check-wheel-contents==0.6.3 dist/*.whl

step 16 "a build by another front end"
must uvx --quiet --from "build[uv]==1.6.1" pyproject-build --installer uv --outdir ../other .

step 17 "a test of the installed file, away from the checkout"
cat > tests/smoke.py <<END
"""Ask an installed $name one question whose answer is known."""

import subprocess
import sys
from importlib.metadata import version

done = subprocess.run(
    ["$name"],  # ruff: ignore[S607] from PATH
    capture_output=True,
    text=True,
    check=False,
)
if done.stdout != f"$name {version('$name')}\n":
    sys.exit(f"{done.stderr}$name answered {done.stdout!r}")
sys.stdout.write(done.stdout)
END
smoke() { must uv run --quiet --isolated --no-project --with "$@" tests/smoke.py; }
smoke dist/*.whl

step 18 "version, changelog and release in files"
take cliff.toml .github/workflows/release.yml
cat >> pyproject.toml <<END

[tool.bumpversion]
current_version = "0.0.1"
commit = true
message = "chore(release): $name {new_version}"
pre_commit_hooks = [
    "uv lock --quiet",
    "uvx git-cliff@2.14.2 --unreleased --bump --prepend CHANGELOG.md",
    "git add uv.lock CHANGELOG.md",
]

[[tool.bumpversion.files]]
filename = "pyproject.toml"
search = 'version = "{current_version}"'
replace = 'version = "{new_version}"'
END
printf '# Changelog\n' > CHANGELOG.md
git add --all && must uv run pre-commit run --all-files
commit "ci: release from a tag"
git push --quiet

hand 19 "main takes pull requests alone, with four checks"
hand 20 "protected tags, an environment, a pending publisher"
hand 21 "let Renovate see the repository"

step 22 "the release as a pull request"
git switch --quiet --create release
must uvx --quiet bump-my-version@1.8.1 bump minor
must uv sync --locked
must uv run --no-project tools/check_tag.py v0.1.0
if [ -n "$hub" ]; then
  git push --quiet origin release
  hand 22 "open the pull request, and merge it"
fi
git switch --quiet main
if [ -n "$hub" ]; then
  git pull --quiet
else
  must git merge --no-ff --message "Merge pull request #1: release 0.1.0" release
  git push --quiet
fi

step 23 "the build job, rehearsed"
GITHUB_REF_NAME=v0.1.0 job release.yml build

step 24 "the decision"
git tag --annotate v0.1.0 --message "$name 0.1.0"
git describe | grep -qx v0.1.0
git push --quiet origin v0.1.0

hand 25 "look at the run, and approve the job publish"
if [ -n "$hub" ]; then exit; fi
port=$(python3.13 -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])')
mkdir ../packages
uvx --quiet --python 3.13 --from pypiserver==2.4.2 pypi-server run --interface 127.0.0.1 --port "$port" \
  --authenticate . --passwords . --disable-fallback ../packages > ../index.log 2>&1 &
server=$!
trap 'kill "$server"' EXIT
for _ in $(seq 300); do (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null && break; sleep 0.1; done
git clone --quiet --branch v0.1.0 ../hub.git ../runner 2> /dev/null
(cd ../runner && must uv build --clear &&
  must uv publish --publish-url "http://127.0.0.1:$port/" --username ana --password any)

step 26 "installed by name"
index="http://127.0.0.1:$port/simple/"
unset UV_EXCLUDE_NEWER  # an index without upload times
cd ..
must uv run --quiet --isolated --no-project --index "$index" --with "$name==0.1.0" "$name/tests/smoke.py"
grep -qx "$name 0.1.0" last.log

step 27 "another clone, the same file"
git clone --quiet --branch v0.1.0 hub.git proof 2> /dev/null
(cd proof && must uv build --clear && sha256sum dist/*.whl > ../proof.sums)
(cd packages && sed 's# dist/# #' ../proof.sums | sha256sum --quiet --check)
