# SPDX-License-Identifier: Apache-2.0
"""Kiosk/run, after the set-up: by hand, or a story."""

import argparse
import importlib
import os
import signal
import sys
import traceback
from pathlib import Path

from stage import Trouble
from stage.chromium import Chromium, display
from stage.claims import Claims
from stage.folder import TREE
from stage.house import House

STORIES = TREE / "Tests" / "Stories"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="Kiosk/run", description="A whole terminal on this machine, or a story played on it.",
        epilog="example: Kiosk/run --story night-shift --json out.json --keep out")
    parser.add_argument("--story", metavar="NAME", help="play a story without hands; 'list' names them")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the result here")
    parser.add_argument("--keep", type=Path, metavar="DIR",
                        help="keep papers, pictures of scenes, logs and the trace here")
    return parser.parse_args()


def stories() -> dict[str, str]:
    """Name → first line of what it says of itself."""
    found = {}
    for path in sorted(STORIES.glob("*.py")):
        text = path.read_text()
        if "\ndef play(" in text:
            found[path.stem.replace("_", "-")] = text.split('"""')[1].strip().splitlines()[0]
    return found


def by_hand() -> None:
    with House() as house:
        bench = f"http://127.0.0.1:{house.ports['panel']}/"
        shown = display()
        if shown:
            Chromium(house.folder, house.crew).start_shown(bench, shown)
        else:
            print("No display here: open the bench page in a browser of this machine.")
        print("Ctrl-C stops everything.")
        token = (house.centre.office_data / "clerk.token").read_text().strip()
        print(f"bench page         {bench}")
        print(f"resident's screen  {house.screen_url}")
        print(f"staff page         {house.staff_url}")
        print(f"centre, for clerks {house.centre.office.url}/clerk/#{token}", flush=True)
        house.wait_for_end()


def play(name: str, keep: Path | None) -> Claims:
    story = importlib.import_module(name.replace("-", "_"))
    claims = Claims(name)
    try:
        story.play(claims, keep)
        claims.finished = True
    except Trouble as trouble:
        claims.add("the story came to its end", False, trouble)
    except KeyboardInterrupt:
        claims.add("the story came to its end", False, "stopped by hand")
        claims.stopped = True
    except Exception as error:
        traceback.print_exc()
        claims.add("the story came to its end", False, f"{type(error).__name__}: {error}")
    return claims


def stop(*_) -> None:
    """A second signal must not cut the tidying short."""
    for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(one, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> int:
    given = arguments()
    for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(one, stop)
    if given.story is None:
        try:
            by_hand()
        except KeyboardInterrupt:
            return 0
        except Trouble as trouble:
            print(trouble, file=sys.stderr)
            return 1
    known = stories()
    if given.story == "list":
        for name, says in known.items():
            print(f"{name}: {says}")
        return 0
    if given.story not in known:
        print(f"No story {given.story}; there are: {', '.join(known)}.", file=sys.stderr)
        return 2
    claims = play(given.story, given.keep)
    line = claims.line()
    if given.json:
        given.json.write_text(line + "\n")
    print(line, flush=True)
    if claims.stopped:
        # Playwright's loop was cut in two; what it says of that at an orderly exit is noise.
        os._exit(1)
    return 0 if claims.held else 1


if __name__ == "__main__":
    sys.exit(main())
