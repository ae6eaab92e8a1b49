"""Does the README's flow list still fit one sitting? Prints its files with their lengths."""

import re
import sys
from pathlib import Path

HEADING = "Read the flow in this order"
FILE_COUNT_MAX = 20
LINE_COUNT_MAX = 1_500

_ROOT = Path(__file__).resolve().parents[2]
_HEADING_LINE = re.compile(r"^#+\s+(?P<title>.*?)\s*$")
_ITEM = re.compile(r"^\s*\d+[.)]\s+.*?`(?P<file>[^`\s]+)`|^\s*\d+[.)]\s+\[[^\]]*\]\((?P<link>[^)\s]+)\)")


def flow_files(readme_text: str) -> list[str]:
    """Return the files of the numbered list under the heading, in order; empty when there is no such heading.

    An item names its file first, in backticks or as a link.
    """
    files: list[str] = []
    is_inside = False
    for line in readme_text.splitlines():
        if heading := _HEADING_LINE.match(line):
            is_inside = heading["title"] == HEADING
        elif is_inside and (item := _ITEM.match(line)):
            files.append(item["file"] or item["link"])
    return files


def flow_problems(line_counts: dict[str, int | None]) -> list[str]:
    """Say what is wrong with a flow list, given the length of each file; None is one that does not exist."""
    problems = [f"{file} does not exist" for file, count in line_counts.items() if count is None]
    total = sum(count or 0 for count in line_counts.values())
    if not line_counts:
        problems.append(f'README.md has no numbered list of files under "{HEADING}"')
    if len(line_counts) > FILE_COUNT_MAX:
        problems.append(f"{len(line_counts)} files, at most {FILE_COUNT_MAX}")
    if total > LINE_COUNT_MAX:
        problems.append(f"{total} lines, at most {LINE_COUNT_MAX}")
    return problems


def measure(root: Path) -> dict[str, int | None]:
    """Count the lines of each file on the flow list of the README in a folder."""
    readme = root / "README.md"
    files = flow_files(readme.read_text(encoding="utf-8")) if readme.exists() else []
    return {file: _line_count(root / file) for file in files}


def _line_count(path: Path) -> int | None:
    return len(path.read_text(encoding="utf-8").splitlines()) if path.is_file() else None


def main() -> int:
    """Print the list and its total; the exit status is 1 when something is wrong with it."""
    line_counts = measure(_ROOT)
    for number, (file, count) in enumerate(line_counts.items(), start=1):
        print(f"{number:3}  {count if count is not None else '?':>5}  {file}")
    print(f"     {sum(count or 0 for count in line_counts.values()):5}  lines in {len(line_counts)} files")
    problems = flow_problems(line_counts)
    for problem in problems:
        print(f"flow: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
