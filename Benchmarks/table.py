"""The table of a benchmark run: medians, ratios, bars and verdicts.

usage: table.py FOLDER SEARCHED

FOLDER holds ROW.NAME.ROUND.json (hyperfine's) and ROW.NAME.peak (KiB); SEARCHED is the number of entries of the store
that `recipients check` and grep's memory were measured on. Exits with 1 when a bar is missed.
"""

import json
import pathlib
import statistics
import sys

# What is measured, its row, the program beside passel, what is compared, the bar, whether missing it is a failure.
ROWS = [
    ("`--version`", "version", "pass", "ms", 8, True),
    ("`show`", "show", "pass", "ratio", 0.9, True),
    ("`show`, against bare `gpg -d`", "show", "gpg", "ratio", 1.5, False),
    ("`ls` of 10,000 entries", "ls", "pass", "ratio", 0.3, True),
    ("`find` over 10,000 entries", "find", "pass", "ratio", 0.4, True),
    ("`insert -m -f` onto an entry, with git", "insert-again", "pass", "ratio", 0.8, True),
    ("`insert -m` of a new entry, with git", "insert-new", "pass", "ratio", 0.8, True),
    ("`--complete entries web/`, 1,000 folders of ten", "complete", None, "ms", 15, True),
    ("`--complete entries --all web/`, 10,000 entries", "complete-all", None, "ms", 15, True),
    ("`init` of 500 entries, from one key to two", "init", "pass", "ratio", 0.5, True),
    ("`recipients add` of one person to 1,000 entries, against `init`", "add", "pass", "ratio", 0.4, True),
    ("`recipients check` of {searched:,} entries, against `cat`", "check", "cat", "ratio", 2, True),
    ("`sync` with nothing to do, against `git fetch`", "sync", "git", "ratio", 1.3, True),
    ("`sync` that brings 500 changed entries, against `git pull`", "brought", "git", "ratio", 1.5, True),
    ("`sync` that merges 50 entries changed on both sides", "merged", None, "ms", 3000, True),
    ("`status --short` of 10,000 entries", "status", None, "ms", 20, True),
    ("`backup create` of 10,000 entries, against `git bundle` and `gpg -e`", "backup", "gpg", "ratio", 1.5, True),
    ("`fsck` of 10,000 entries, against `git fsck`", "fsck", "git", "ratio", 2, True),
    ("`grep` over 500 entries, without the index", "grep", "pass", "ratio", 0.6, True),
    ("passphrase, index warm: `find --field` over 1,000 entries, against one `gpg -d`", "field", "gpg", "ratio", 1.3, True),
    ("passphrase, index warm: `token ls` over 1,000 tokens, against one `gpg -d`", "tokens", "gpg", "ratio", 1.3, True),
    ("passphrase, index warm: `due` over 1,000 tokens, against one `gpg -d`", "due", "gpg", "ratio", 1.3, True),
    ("passphrase, index warm: `cd` where direnv says `use passel` with 5 secrets, against one `gpg -d`",
     "cd-guarded", "gpg", "ratio", 2, True),
    ("no passphrase, index warm: the same, against one `gpg -d`", "cd", "gpg", "ratio", 2, False),
    ("no passphrase, index warm: the same, against direnv without a secret", "cd", "direnv", "ratio", 3, False),
    ("passphrase, index warm: `grep` over 1,000 entries, pass's over 30 scaled", "grep-warm", "pass", "scaled", 0.02, True),
    ("memory of `ls`, 10,000 entries", "ls-memory", "pass", "MB", 60, True),
    ("memory of `find`, 10,000 entries", "find-memory", "pass", "MB", 60, True),
    ("memory of `grep`, {searched:,} entries", "grep-memory", None, "MB", 60, True),
]

# How many times as many entries the row has as what was measured of the other program.
SCALE = 1000 / 30


def measured(folder, row, name):
    """The median in seconds, or the peak in MB; None where nothing was measured."""
    peak = folder / f"{row}.{name}.peak"
    if peak.exists():
        return int(peak.read_text().split()[-1]) / 1024
    times = []
    for file in folder.glob(f"{row}.{name}.*.json"):
        for result in json.loads(file.read_text())["results"]:
            times += result["times"]
    return statistics.median(times) if times else None


def shown(value, kind):
    if value is None:
        return "-"
    if kind == "MB":
        return f"{value:.1f} MB"
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.1f} ms"


def main():
    folder, searched = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    missed = False
    print("| what | passel | pass | ratio | bar | verdict |")
    print("|---|---|---|---|---|---|")
    for what, row, other, kind, bar, binding in ROWS:
        ours = measured(folder, row, "passel")
        theirs = measured(folder, row, other) if other else None
        if ours is None:
            sys.exit(f"nothing was measured for {row}")
        if theirs and kind == "scaled":
            theirs *= SCALE
        ratio = ours / theirs if theirs else None
        compared = {"ratio": ratio, "scaled": ratio, "ms": ours * 1000, "MB": ours}[kind]
        met = compared is not None and compared <= bar
        missed = missed or (binding and not met)
        verdict = ("met" if met else "MISSED") if binding else ("goal met" if met else "goal open")
        beside = shown(theirs, kind) + (f" ({other})" if other not in (None, "pass") else "")
        limit = f"{bar}" if kind in ("ratio", "scaled") else f"{bar} {kind}"
        print(
            f"| {what.format(searched=searched)} | {shown(ours, kind)} | {beside} "
            f"| {'-' if ratio is None else f'{ratio:.2f}'} | {limit} | {verdict} |")
    sys.exit(1 if missed else 0)


main()
