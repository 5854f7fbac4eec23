"""Does a built wheel hold what a user needs, and nothing that a user does not?

python tools/ci/check_wheel.py dist/*.whl
"""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

# at least one file must match each
WANTED = {
    "typing marker": r"cosmodrome/py\.typed$",
    "compiled core": r"cosmodrome/solvers/_core[^/]*\.so$",
    "licence": r"\.dist-info/licenses/LICENSE$",
    "notice": r"\.dist-info/licenses/NOTICE$",
    "data manifest": r"cosmodrome/world/data/manifest\.json$",
    "catalogue": r"cosmodrome/catalog/.*soyuz-2\.1b-fregat\.yaml$",
    "shipped mission": r"vostochny-sso\.yaml$",
    "report page": r"cosmodrome/report/static/.*\.(js|html)$",
    "entry point": r"\.dist-info/entry_points\.txt$",
}
# nothing may match any of these
UNWANTED = {
    "tests": r"(^|/)tests?/",
    "caches": r"__pycache__|\.pyc$",
    "sources of the core": r"\.(cpp|hpp|h)$",
    "page sources": r"(^|/)web/|node_modules",
}
LARGEST_DATA_MIB = 25.0
LARGEST_WHEEL_MIB = 40.0


def faults(wheel: Path) -> list[str]:
    found: list[str] = []
    with zipfile.ZipFile(wheel) as z:
        names = z.namelist()
        data = sum(i.file_size for i in z.infolist() if "/data/" in i.filename)
    found += [
        f"no {what} (nothing matches {pattern})"
        for what, pattern in WANTED.items()
        if not any(re.search(pattern, n) for n in names)
    ]
    found += [
        f"{what} are inside: {n}"
        for what, pattern in UNWANTED.items()
        for n in names
        if re.search(pattern, n)
    ]
    for what, size, largest in (
        ("data files", data, LARGEST_DATA_MIB),
        ("the wheel", wheel.stat().st_size, LARGEST_WHEEL_MIB),
    ):
        mib = size / 2**20
        print(f"{what}: {mib:.1f} MiB, at most {largest:g}")
        if mib > largest:
            found.append(f"{what}: {mib:.1f} MiB is more than {largest:g}")
    return found


def main(words: list[str]) -> int:
    if not words:
        print(__doc__)
        return 2
    bad = [f"{w}: {f}" for w in words for f in faults(Path(w))]
    print("\n".join(bad) or "the wheel holds what it should")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
