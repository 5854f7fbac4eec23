"""The corpus: the same from the same seed, over pads, vehicles and orbits, knowing no check."""

from __future__ import annotations

import subprocess
import sys
from itertools import chain

import pytest

from cosmodrome import mission
from cosmodrome.campaign.score.corpus import EVERY, GROUP, corpus
from cosmodrome.campaign.score.orbits import ORBITS
from cosmodrome.mission import Mission, OrbitMission

SEED = 0xC0FFEE


def test_numbers_and_faults_are_spread_evenly() -> None:
    groups = corpus(SEED, 1000, 2345)
    numbers = list(chain.from_iterable(g.numbers for g in groups))
    assert [n for n, _ in numbers] == list(range(1000))
    assert sum(f for _, f in numbers) == 2345
    assert {f for _, f in numbers} == {2, 3}
    pads = sum(len(g.numbers) for g in groups if g.from_pad)
    assert pads == pytest.approx(450, abs=GROUP)


def test_one_mission_of_each_kind_has_every_slip() -> None:
    assert not any(g.every for g in corpus(SEED, EVERY - 1, 0))
    groups = corpus(SEED, 1000, 0)
    kinds = [
        mission.loads(g.files()[n - g.numbers[0][0]], "corpus").name
        for g in groups
        for n in sorted(g.every)
        if not g.from_pad
    ]
    assert sorted(kinds) == sorted(ORBITS)
    assert sum(len(g.every) for g in groups if g.from_pad) == 5


def test_a_mission_is_the_same_whatever_the_size_of_the_corpus() -> None:
    small, large = corpus(SEED, 20, 20), corpus(SEED, 1000, 2000)
    for a, b in zip(small, large, strict=False):
        assert a.files() == b.files()
        assert a.files(1) == b.files(1)
        assert a.files(1) != a.files()
    assert corpus(SEED + 1, 20, 20)[0].files() != small[0].files()


def test_every_file_is_read_and_no_two_are_one_flight() -> None:
    groups = corpus(SEED, 120, 0)
    read = [(g, mission.loads(t, "corpus")) for g in groups for t in g.files()]
    texts = [m.resolved for _, m in read]
    assert len(set(texts)) == len(texts)
    for group, one in read:
        assert isinstance(one, Mission if group.from_pad else OrbitMission)
    # of ascents, vehicle, site and mass are the group's; the day is not
    for group in (g for g in groups if g.from_pad):
        own = [mission.loads(t, "corpus") for t in group.files()]
        assert len({(m.vehicle.id, m.site.id, m.spacecraft.mass_kg) for m in own}) == 1
        assert len({m.launch.window for m in own}) == len(own)
        # who rides along is optimised for as well, and coasts with the other
        riders = {tuple(p.spacecraft.mass_kg for p in m.passengers) for m in own}
        assert len(riders) == 1
        assert riders == {()} or all(len(m.plan) == 1 for m in own)


def test_it_covers_pads_vehicles_orbits_and_plans() -> None:
    files = [t for g in corpus(SEED, 500, 0) for t in g.files()[:: 10 if g.from_pad else 2]]
    told = "\n".join(files)
    assert len({line for line in told.splitlines() if line.startswith("vehicle:")}) >= 10
    assert len({line for line in told.splitlines() if line.startswith("site:")}) >= 9
    for kind in ("sun-synchronous", "circular", "elliptic", "gto", "medium"):
        assert f"kind: {kind}" in told
    steps = ("phase:", "transfer:", "target:", "release:", "moon-equator", "duration:")
    assert "id: rider" in told
    voyages = ("low_thrust:", "to-moon:", "around:")
    errands = ("station-keep:", "deorbit:", "landing:", "lunar-ascent:", "imaging:", "avoid:")
    for word in (*steps, *errands, *voyages):
        assert word in told


def test_it_knows_no_check() -> None:
    code = (
        "import sys; from cosmodrome.campaign.score.corpus import corpus;"
        "[g.files() for g in corpus(1, 40, 80)];"
        "bad = [m for m in sys.modules if m.startswith('cosmodrome.checks')];"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
