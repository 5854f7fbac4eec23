"""Vikram: a lander that braked too much, and came to its next phase with another state.

On 6 September 2019 the lander of Chandrayaan-2 ended its rough braking as planned, at 7.4 km with
146 m/s. The next phase holds the attitude while a camera looks at the ground; in it the speed fell
by more than was designed, and fine braking began outside the box that it was made for (Government
of India, answer in the Lok Sabha, 20 November 2019). Before the landing 5 km and 331 km/h (92 m/s)
were told for the start of fine braking, at 11 min 8 s, the craft tilted by 50 degrees; 86 m/s were
read off the screens.

The phase is flown with its attitude held and its thrust constant, over a sphere that pulls as the
Moon does at that height. Two numbers follow from what was told of the plan: how steeply it began,
and the acceleration by thrust. A third, how much more the engines gave, is fitted to the speed
read; what else the fault does at the boundary is predicted. The design box of fine braking is not
published: it is taken as what the same phase does with 3 % of thrust more or less.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq, root

from cosmodrome.campaign.replays import Compared, Replay
from cosmodrome.campaign.replays.told import Told
from cosmodrome.checks.phase_entry import Entry, Envelope, findings_of
from cosmodrome.errors import SolverError
from cosmodrome.watch import SILENT
from cosmodrome.world.bodies import G0, MOON

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Hold", "Setting", "box", "flown", "matched", "planned", "replayed"]

RADIUS_M = MOON.figure_m


@dataclass(frozen=True, slots=True)
class Setting:
    """What was told of the plan, and of the flight.

    high_m, fast_m_s  where rough braking ends; low_m, slow_m_s where fine braking begins
    lasts_s           of the phase between, from ten and a half minutes on: taken
    tilt_rad          the thrust's angle from the vertical in it
    isp_s             estimated; only its mild effect on the mass counts
    read_m_s          speed at the start of fine braking, as read in flight
    spread            of thrust, that the next phase is made for; taken
    """

    high_m: float = 7_400.0
    fast_m_s: float = 146.0
    low_m: float = 5_000.0
    slow_m_s: float = 331.0 / 3.6
    lasts_s: float = 38.0
    tilt_rad: float = math.radians(50.0)
    isp_s: float = 320.0
    read_m_s: float = 86.0
    spread: float = 0.03


@dataclass(frozen=True, slots=True)
class Hold:
    """The phase as planned: slope of its beginning below the horizon, and thrust over mass."""

    setting: Setting
    slope_rad: float
    push_m_s2: float


def flown(hold: Hold, thrust: float = 1.0) -> Entry:
    """The state at the end of the phase, its thrust times a factor. Range counts from its start."""
    s = hold.setting
    mu, push = MOON.mu_m3_s2, thrust * hold.push_m_s2
    direction = np.array([-math.sin(s.tilt_rad), math.cos(s.tilt_rad)])

    def rates(t: float, y: Array) -> list[float]:
        """y: along and up from the centre under the start; the attitude stands still."""
        size = math.hypot(y[0], y[1])
        # mass flow makes the same thrust push harder
        a = push / (1.0 - push * t / (s.isp_s * G0)) * direction - mu / size**3 * y[:2]
        return [y[2], y[3], a[0], a[1]]

    y0 = [
        0.0,
        RADIUS_M + s.high_m,
        s.fast_m_s * math.cos(hold.slope_rad),
        -s.fast_m_s * math.sin(hold.slope_rad),
    ]
    y = solve_ivp(rates, (0.0, s.lasts_s), y0, method="DOP853", rtol=1e-10, atol=1e-6).y[:, -1]
    size = math.hypot(y[0], y[1])
    up = y[:2] / size
    sink = -float(y[2:] @ up)
    across = float(y[2] * up[1] - y[3] * up[0])
    return Entry(size - RADIUS_M, RADIUS_M * math.atan2(y[0], y[1]), sink, across)


def _speed_m_s(entry: Entry) -> float:
    return math.hypot(entry.sink_m_s, entry.across_m_s)


def planned(setting: Setting) -> Hold:
    """The slope and the push with which the phase ends as was told. Raises SolverError."""

    def miss(x: Array) -> list[float]:
        end = flown(Hold(setting, float(x[0]), float(x[1])))
        return [end.height_m / setting.low_m - 1.0, _speed_m_s(end) / setting.slow_m_s - 1.0]

    found = root(miss, [math.radians(25.0), 2.3], tol=1e-12)
    if not found.success:
        raise SolverError(f"no phase leads from {setting.high_m:g} to {setting.low_m:g} m so")
    return Hold(setting, float(found.x[0]), float(found.x[1]))


def matched(hold: Hold) -> float:
    """The factor of thrust with which the phase ends at the speed that was read."""
    wanted = hold.setting.read_m_s
    return float(brentq(lambda x: _speed_m_s(flown(hold, float(x))) - wanted, 0.9, 1.3, xtol=1e-9))


def box(hold: Hold) -> Envelope:
    """What fine braking is taken to be made for."""
    spread = hold.setting.spread
    ends = [flown(hold, 1.0 + spread), flown(hold, 1.0 - spread)]

    def between(*values: float) -> tuple[float, float]:
        return min(values), max(values)

    return Envelope(
        "fine braking",
        between(*(e.height_m for e in ends)),
        None,
        between(*(e.sink_m_s for e in ends)),
        between(*(e.across_m_s for e in ends)),
    )


# ----------------------------------------------------------------------------------- replay
def replayed(world: World, watch: Watch = SILENT) -> Replay:
    """The plan, the excess of thrust that the speed read asks for, and the box it leaves."""
    watch.begin("replay", "fitting the thrust to the speed at the start of fine braking")
    told = Told("vikram")
    hold = planned(
        Setting(
            high_m=told.value("end"),
            fast_m_s=told.value("end-speed"),
            low_m=told.value("fine"),
            slow_m_s=told.value("fine-speed"),
            tilt_rad=told.value("tilt"),
            read_m_s=told.value("read"),
        )
    )
    factor = matched(hold)
    watch.end("replay", f"thrust {100.0 * (factor - 1.0):.1f} % high")
    wrong, made_for = flown(hold, factor), box(hold)
    findings = findings_of(made_for, wrong, "start of fine braking, 5 km", "vikram")
    return Replay(
        "vikram",
        told.title,
        "it braked too much while its attitude was held, and fine braking began outside its box",
        {
            "as planned": _figures(hold, flown(hold), ("given", "given")),
            "as flown": (
                Compared("thrust over the planned", factor, "1", "fitted"),
                *_figures(hold, wrong, ("fitted", "predicted")),
                *_sensitivities(hold, factor),
            ),
        },
        (
            "the design box of fine braking is not published: it is taken as what 3 % of thrust,"
            " either way, makes of the phase before it; the excess found is more than twice that",
            "86 m/s were read off the screens at about the start of fine braking: a metre a second"
            " is worth a percent of thrust",
            "attitude held and thrust constant in the phase before; its slope and its push follow"
            " from 7.4 km and 146 m/s, 5 km and 92 m/s, 50 degrees and 38 s, of which the last is"
            " taken",
            "what followed, guidance that could not take the errors back and a craft that turned"
            " over, is not flown",
        ),
        (
            *told.sources,
            "7.4 km at ten and a half minutes, 400 m at 12 min 37 s, contact lost at 335 m: press",
        ),
        tuple(f for f in findings if f.verdict == "fails"),
    )


def _figures(hold: Hold, end: Entry, roles: tuple[str, str]) -> tuple[Compared, ...]:
    speed, place = roles
    s = hold.setting
    planned_end = speed == "given"
    asked = s.slow_m_s if planned_end else s.read_m_s
    return (
        Compared("slope at 7.4 km", math.degrees(hold.slope_rad), "deg", "predicted"),
        Compared("thrust over mass", hold.push_m_s2, "m/s^2", "predicted"),
        Compared(
            "speed where fine braking begins",
            _speed_m_s(end),
            "m/s",
            speed,
            asked - 0.5,
            asked + 0.5,
        ),
        Compared("height there", end.height_m, "m", place),
        Compared("speed down there", end.sink_m_s, "m/s", "predicted"),
        Compared("speed across there", end.across_m_s, "m/s", "predicted"),
        Compared("way along the ground", end.range_m, "m", "predicted"),
    )


def _sensitivities(hold: Hold, factor: float) -> tuple[Compared, ...]:
    """What a metre a second, five degrees and two seconds do to the excess found."""
    s = hold.setting
    out = []
    for what, other in (
        ("if 87 m/s were read", replace(s, read_m_s=s.read_m_s + 1.0)),
        ("if tilted by 45 deg", replace(s, tilt_rad=math.radians(45.0))),
        ("if the phase lasted 40 s", replace(s, lasts_s=40.0)),
    ):
        more = 100.0 * (matched(planned(other)) - factor)
        out.append(Compared(f"excess of thrust {what}: more by", more, "%", "sensitivity"))
    return tuple(out)
