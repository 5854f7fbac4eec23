"""Cut the day of GPS orbits that tests/dynamics/test_truth_gnss.py is fitted to.

    python make_gnss.py SP3_FILE

SP3_FILE  igr21882.sp3, the rapid orbit combination of the International GNSS Service for
          14 December 2021 (cod emr esa gfz jpl ngs sio usn whu; IGb14, centre of mass, mm), as
          the source package sp3 1.1.1 (MIT) carries it under test_products. Johnston, Riddell,
          Hausler 2017, The International GNSS Service, in Springer Handbook of GNSS
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

# one row kept of so many; a row is 15 min
EVERY = 2


def cut(path: Path) -> dict[str, object]:
    """Positions in mm by satellite; time in minutes of GPS time from the file's first row."""
    times: list[int] = []
    found: dict[str, list[list[int]]] = {}
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("*"):
            _, _, _, hour, minute, _ = line[1:].split()
            times.append(60 * int(hour) + int(minute))
        elif line.startswith("P") and times and (len(times) - 1) % EVERY == 0:
            row = [round(1e6 * float(line[4 + 14 * k : 18 + 14 * k])) for k in range(3)]
            found.setdefault(line[1:4], []).append(row)
    kept = times[::EVERY]
    assert all(len(rows) == len(kept) for rows in found.values())
    return {
        "source": "IGS rapid combination igr21882.sp3, IGb14, centre of mass, mm",
        "from_gps": "2021-12-14T00:00:00",
        "minutes": kept,
        "satellites": found,
    }


if __name__ == "__main__":
    out = Path(__file__).with_name("igs_day.json")
    text = json.dumps(cut(Path(sys.argv[1])), separators=(",", ":"))
    out.write_text(text.replace('],"', '],\n"') + "\n", encoding="ascii")
