"""verify.html: all of a sweep, in its own words; one file, small, that nothing can break out of."""

from __future__ import annotations

import html
import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import pytest

from cosmodrome.record import Sighting
from cosmodrome.record.sweep import ranked
from cosmodrome.report.plain import dumps
from cosmodrome.report.verify_page import verify_html, verify_page
from cosmodrome.report.verify_record import verify_json
from tests.report.pages import HOSTILE, Page, loads_nothing
from tests.report.sweeps import plan, sweep

if TYPE_CHECKING:
    from cosmodrome.record.sweep import Sweep

TOLD = sweep()
PAGE = verify_page(TOLD)
ROOT = Path(__file__).parents[2]


def test_every_fault_is_there_once_in_its_rank_and_in_one_kind() -> None:
    assert [o["text"] for o in PAGE["outcomes"]] == [o.fault.text for o in ranked(TOLD.outcomes)]
    held = sorted(n for kind in PAGE["kinds"] for n in kind["of"])
    assert held == list(range(len(TOLD.outcomes)))
    for kind in PAGE["kinds"]:
        of = [PAGE["outcomes"][n] for n in kind["of"]]
        assert kind["loses"] == any(o["loses"] for o in of)
        assert {(o["into"], o["family"]) for o in of} == {(kind["into"], kind["family"])}


def test_it_says_what_verify_json_says() -> None:
    value = verify_json(TOLD)
    assert PAGE["losing"] == value["losing"]
    for mine, its in zip(PAGE["outcomes"], value["outcomes"], strict=True):
        assert {k: mine[k] for k in ("path", "consequence", "why", "effect_s", "seen")} == {
            k: its[k] for k in ("path", "consequence", "why", "effect_s", "seen")
        }
    names = {c["id"]: (c["text"], c["loses"]) for c in PAGE["consequences"]}
    assert list(names) == list(value["consequences"])
    assert names["exhausted"] == ("tanks empty", True)
    assert {o["family"] for o in PAGE["outcomes"]} <= set(PAGE["families"])


def test_sizes_stand_beside_their_words() -> None:
    by = {o["text"]: (o["size"], o["size_text"]) for o in PAGE["outcomes"]}
    assert by["thrust of third 6 % low"] == (pytest.approx(-0.06), "-6 %")
    assert by["axes turned by 20 deg"] == (0.35, "+20.05°")
    assert by["burn 2 in rtn for vnc"] == (None, "")


def test_kinds_that_a_family_tells_come_last() -> None:
    slip = plan("a", "omit", 0.0, "", "no ignition", "impact", Sighting("x", None, "y"))
    told = replace(TOLD, outcomes=(slip, *TOLD.outcomes))
    assert [k["name"] for k in verify_page(told)["kinds"]][-1] == "no ignition"
    assert ranked(told.outcomes)[0] is slip  # though none is worse


def test_equal_sweeps_make_equal_pages() -> None:
    later = replace(TOLD, timing={"flying_s": 99.0})
    assert verify_html(later) == verify_html(TOLD)


def test_every_key_is_documented() -> None:
    text = (ROOT / "docs" / "verify.md").read_text()
    for key in (*PAGE, *PAGE["outcomes"][0], *PAGE["kinds"][0]):
        assert f"`{key}`" in text, key


def test_the_page_is_one_file_that_loads_nothing() -> None:
    text = verify_html(TOLD)
    page = loads_nothing(text)
    assert page.title == "What would lose Meteor <M> to 820 km"
    assert json.loads(page.data) == json.loads(dumps(PAGE))
    assert len(text) < 80_000


def test_a_fault_costs_little() -> None:
    """Of 600 faults like those of a real sweep (three figures, two who see it) each takes less than
    a kilobyte and a half: thousands can be mailed."""
    by = (Sighting("seam-release", None, "the place is 1000 times off"),
          Sighting("energy", 4000.123456, "the energy is not that of the flight"))  # fmt: skip
    many = tuple(
        replace(
            plan(f"a.b.{k}", "omit", 0.0, "", f"part {k} is not there", "lost", *by),
            figures={"a_m": 7198053.209429664, "perigee_m": 1.0 / 3.0, "off": 0.1 + k},
        )
        for k in range(600)
    )
    few, all_of = (len(verify_html(replace(TOLD, outcomes=many[:n]))) for n in (100, 600))
    assert (all_of - few) / 500 < 1500


def test_a_hostile_name_stays_a_text() -> None:
    bad = plan(HOSTILE, "omit", 0.0, "", HOSTILE, "lost", Sighting(HOSTILE, 1.0, HOSTILE),
               unobservable=HOSTILE)  # fmt: skip
    text = verify_html(replace(TOLD, mission=HOSTILE, stations=(HOSTILE,), outcomes=(bad,)))
    assert text.count("<script") == text.count("</script>") == 2
    assert "<img" not in text
    page = Page(text)
    assert page.title == f"What would lose {HOSTILE}"
    assert json.loads(page.data)["outcomes"][0]["text"] == HOSTILE


def test_readers_without_javascript_get_what_loses_the_mission() -> None:
    text = verify_html(TOLD)
    (without,) = re.findall(r"<noscript>(.*?)</noscript>", text, re.DOTALL)
    for o in TOLD.losing:
        assert html.escape(o.fault.text) in without
    assert "2 seen by none" in without
    assert without.count("<tr>") == 1 + len(TOLD.losing)
    assert "thrust of third 1 %" not in without


def test_nothing_that_loses_the_mission_is_shown_too() -> None:
    quiet = json.loads(Page(verify_html(replace(TOLD, outcomes=()))).data)
    assert quiet["losing"]["faults"] == 0
    assert quiet["kinds"] == quiet["outcomes"] == []


# ----------------------------------------------------------------------------- in a browser
@pytest.fixture(scope="module")
def browser() -> str:
    found = which("chromium") or which("chromium-browser") or which("google-chrome")
    if found is None:
        pytest.skip("no Chromium is installed")
    return found


def drawn(browser: str, folder: Path, address: str, told: Sweep = TOLD, does: str = "") -> str:
    """What a browser makes of the page, as markup; `does` is what its user does, a script."""
    file = folder / "verify.html"
    file.write_text(verify_html(told).replace("</body>", f"<script>{does}</script></body>"))
    run = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", f"--user-data-dir={folder / 'profile'}",
         "--virtual-time-budget=3000", "--dump-dom", f"file://{file}{address}"],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    at = run.stdout.index('<div id="app">')
    return run.stdout[at : run.stdout.index("<noscript>", at)]


def test_a_browser_shows_the_matrix_the_choice_and_the_chosen_fault(
    browser: str, tmp_path: Path
) -> None:
    told = replace(TOLD, unswept=("'spiral': planned while it is flown",))
    shown = drawn(browser, tmp_path, "#sight=none&fault=0", told)
    assert "Not swept: 'spiral': planned while it is flown." in shown
    cells = re.findall(r"<td class=\"(\w+)\"><button[^>]*>(\d+)", shown)
    counts: dict[str, int] = {}
    for consequence, n in cells:
        counts[consequence] = counts.get(consequence, 0) + int(n)
    assert counts == {c: n for c, n in TOLD.counts.items() if n}
    assert "2 of 13: seen by none" in shown  # what is chosen, for those who hear the page too
    listed = re.findall(r'<span class="what">([^<]*)', shown)
    assert listed == [o.fault.text for o in TOLD.unseen]
    assert "<strong>thrust of third 10 % low</strong>" in shown  # fault 0, chosen by its address
    assert "propellant gauge" in shown


CLICKS = """
const said = () => document.querySelector('.told').textContent;
const key = (k, at = document.body) => at.dispatchEvent(
  new KeyboardEvent('keydown', {key: k, bubbles: true}));
const out = [said()];
document.querySelector('.matrix td.low button').click(); out.push(said());
document.querySelector('.matrix td.low button').click(); out.push(said());
document.querySelectorAll('.matrix tr.group button')[1].click(); out.push(said());
const search = document.getElementById('search');
search.value = 'planned-azimuth'; search.dispatchEvent(new Event('input')); out.push(said());
key('Escape'); out.push(said());
key('/'); out.push(document.activeElement.id);
search.blur(); key('3'); out.push(document.querySelector('[aria-selected=true]').id);
key('1'); const first = document.querySelector('.faults button');
first.focus(); key('ArrowDown', first);
out.push(document.querySelector('.chosen strong').textContent, location.hash);
const list = document.createElement('pre');
list.textContent = out.join('\\n'); document.getElementById('app').append(list);
"""


def test_a_user_clicks_and_types(browser: str, tmp_path: Path) -> None:
    (said,) = re.findall(r"<pre>(.*?)</pre>", drawn(browser, tmp_path, "", does=CLICKS), re.DOTALL)
    assert html.unescape(said).split("\n") == [
        "10 of 13",  # what loses the mission comes first
        "1 of 13: thrust, in flight, too low",
        "10 of 13",  # the same once more takes it back
        "7 of 13: in the plan",
        "4 of 13: in the plan",  # three turns of the axes and a duration
        "13 of 13",
        "search",
        "tab-time",
        "axes turned by -20 deg",  # the second in rank
        "#lose=0&fault=1",
    ]


def test_a_browser_takes_a_hostile_name_for_a_text(browser: str, tmp_path: Path) -> None:
    bad = plan(HOSTILE, "omit", 0.0, "", HOSTILE, "lost", Sighting(HOSTILE, 1.0, HOSTILE))
    told = replace(TOLD, mission=HOSTILE, stations=(HOSTILE,), outcomes=(bad,))
    shown = drawn(browser, tmp_path, "#tab=time&fault=0", told)
    tags = {tag for tag, _ in Page(shown).elements}
    assert {"main", "aside", "table", "button"} <= tags
    assert not {"img", "script"} & tags
    assert "&lt;script&gt;alert(1)" in shown
