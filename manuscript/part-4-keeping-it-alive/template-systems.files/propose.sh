#!/usr/bin/env bash
# usage: propose.sh TAG REPOSITORY...
# Makes a branch in each repository and says how its checks end.
here=$(cd "$(dirname "$0")" && pwd)
tag=$1
shift

propose() {
  git switch -q -c "template-$tag" || return
  mkdir -p .rhiza
  [ -e .rhiza/template.yml ] || cp "$here/pointer.yml" .rhiza/template.yml
  sed -i.bak "s/^ref:.*/ref: \"$tag\"/" .rhiza/template.yml
  rm .rhiza/template.yml.bak
  git add .rhiza
  git diff --cached --quiet || git commit -q -m "Point to template $tag"
  uv run -q "$here/sync.py" || return
  git add --all && git commit -q -m "Take the files of template $tag"
  sed -n 's/^ *- run: //p' .github/workflows/ci.yml > "$here/checks"
  if bash -e "$here/checks" &> "$here/checks.log"; then
    echo green
  else
    echo red
  fi
}

for repo in "$@"; do
  printf '%-13s' "$(basename "$repo")"
  (cd "$repo" && propose)
done
