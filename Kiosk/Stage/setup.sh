# SPDX-License-Identifier: Apache-2.0
# Set-up shared by Kiosk/run and Kiosk/test: packages, Python tools, build. Sourced, never run.
# Silent and quick when everything is there; otherwise says what it does and why.

tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
stage="$tree/Kiosk/Stage"
python="$tree/.venv/bin/python"
export PYTHONPATH="$stage:$tree/Tests/Stories:$tree/Tests/Faults" PYTHONDONTWRITEBYTECODE=1
# A crash must not write a resident's words to disk.
ulimit -c 0

say() { printf '%s\n' "$*" >&2; }
give_up() { say "$*"; exit 1; }

missing_packages() {
  local wanted installed
  wanted=$(awk '!/^#/ && NF { print $1 }' "$1" | sort)
  # dpkg-query fails when one package is unknown; the known ones are still listed.
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null |
    awk '$1 == "installed" { print $2 }' | sort -u)
  comm -23 <(printf '%s\n' "$wanted") <(printf '%s\n' "$installed")
}

# install_packages [LIST]: packages.txt, or what a part of the tests needs beside it.
install_packages() {
  local list=${1:-$stage/packages.txt} missing as_root=()
  missing=$(missing_packages "$list")
  [ -n "$missing" ] || return 0
  say "Installing from Debian:"
  grep -wFf <(printf '%s\n' "$missing") "$list" | grep -v '^#' | sed 's/^/  /' >&2
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || give_up "These packages are missing; as root, run:" \
      "apt-get install --no-install-recommends" $missing
    as_root=(sudo)
  fi
  local log
  log=$(mktemp)
  # shellcheck disable=SC2086 # the list is words on purpose
  if ! { "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
      --no-install-recommends -o Dpkg::Use-Pty=0 $missing; } >"$log" 2>&1 </dev/null; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    give_up "apt-get could not install:" $missing "- see its words above."
  fi
  rm -f "$log"
}

install_tools() {
  local stamp="$tree/.venv/.stage-stamp" wanted
  wanted=$(sha256sum <"$stage/requirements.txt")
  [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return 0
  say "Installing from PyPI into .venv: $(grep -o '^[a-z-]*' "$stage/requirements.txt" | paste -sd' ')"
  # Debian's own python3: its venv module is the one that packages.txt brings.
  /usr/bin/python3 -m venv --clear "$tree/.venv" ||
    give_up "Python could not make $tree/.venv; is the folder writable?"
  "$python" -m pip install --quiet --disable-pip-version-check \
    -r "$stage/requirements.txt" >&2 </dev/null ||
    give_up "pip could not install Kiosk/Stage/requirements.txt; is PyPI reachable?"
  printf '%s\n' "$wanted" >"$stamp"
}

# One line that moves on a terminal; a line each tenth of the way elsewhere.
show_progress() {
  local tty=0
  [ -t 2 ] && tty=1
  awk -v tty="$tty" '
    match($0, /^\[[0-9]+\/[0-9]+\]/) {
      split(substr($0, 2, RLENGTH - 2), at, "/")
      if (tty) { printf "\r\033[K%s", substr($0, 1, 100) > "/dev/stderr"; next }
      tenth = at[2] > 0 ? int(10 * at[1] / at[2]) : 0
      if (tenth != shown) { shown = tenth; print "  building " $0 > "/dev/stderr" }
    }
    END { if (tty) printf "\r\033[K" > "/dev/stderr" }'
}

# build STAMP ARGUMENTS…: skipped when nothing it reads is newer than its stamp.
build() {
  local stamp="$tree/.build/$1" log="$tree/.build/stage-build.log"
  shift
  local reads=(Package.swift Sources Devices)
  [ "$stamp" = "$tree/.build/stage-tests" ] && reads+=(Tests)
  if [ -e "$stamp" ] &&
    [ -z "$(cd "$tree" && find "${reads[@]}" -newer "$stamp" -print -quit)" ]; then return 0; fi
  command -v swift >/dev/null ||
    give_up "Swift 6.2 or newer is needed and not found in PATH; see swift.org/install."
  mkdir -p "$tree/.build"
  say "Building (debug; the first time takes some minutes)"
  touch "$stamp.begun"
  if ! (cd "$tree" && swift build "$@" 2>&1 </dev/null) | tee "$log" | show_progress; then
    grep -E '(error|warning):' "$log" >&2 || tail -n 20 "$log" >&2
    give_up "The build failed; all of its words are in .build/stage-build.log."
  fi
  # What changed while building counts as newer.
  mv "$stamp.begun" "$stamp"
  # Building the tests builds the commands too.
  [ "$stamp" = "$tree/.build/stage-tests" ] && touch -r "$stamp" "$tree/.build/stage-built"
  return 0
}
