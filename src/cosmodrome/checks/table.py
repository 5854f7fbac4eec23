"""The table of checks: what each asks, and by which two roads. `run` walks it.

A check answers with findings; when what it needs was not flown it says so and why. An error
inside a check is never taken for an answer: the finding fails and names the error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosmodrome.checks import (
    alignment,
    apart,
    audited,
    burns_flown,
    carried,
    closures,
    conjunction,
    continuity,
    decay,
    disposal,
    drops,
    engines_out,
    given_units,
    headings,
    homeward,
    keeping,
    landed,
    libration,
    loads_flown,
    losses,
    meeting,
    moonward,
    orbit_reached,
    overflown,
    parking,
    parting,
    phase_entry,
    phase_flown,
    plan_flown,
    plan_masses,
    propulsion,
    reflight,
    reported,
    reserve,
    risen,
    sense,
    shade,
    sight,
    small_forces,
    spirals,
    start_units,
    starts,
    stopping,
    surroundings,
    tanks,
    timers,
    touched,
    turns,
)
from cosmodrome.checks.asked import BOTH, EACH, IN_ORBIT, OF_PLANS, WANTED, not_asked
from cosmodrome.checks.classes import CLASS_OF
from cosmodrome.checks.verdicts import Judged, NotJudged, not_judged
from cosmodrome.checks.view import View
from cosmodrome.errors import Cancelled, DataSpanError
from cosmodrome.mission.nouns import OrbitMission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cosmodrome.checks.classes import Class
    from cosmodrome.record.nouns import Finding, Flight
    from cosmodrome.world.world import World

__all__ = ["CHECKS", "Check", "run"]


@dataclass(frozen=True, slots=True)
class Check:
    """name (kebab-case), the function that judges, and the two roads it compares."""

    name: str
    judge: Callable[[View], Iterator[Judged]]
    roads: tuple[str, str]

    @property
    def of(self) -> Class:
        """Its class, by which the index of pages and `verify` group it."""
        return CLASS_OF[self.name]


_O, _S, _H, _T = orbit_reached, continuity, headings, turns
_P, _L, _D, _R = propulsion, loads_flown, drops, reflight
_W, _N, _K, _A = surroundings, sense, tanks, losses
_C, _I, _B, _U = closures, timers, plan_flown, burns_flown
_F, _Z, _G = phase_flown, alignment, given_units
CHECKS: tuple[Check, ...] = (
    # the orbit that was asked for
    Check("inclination", _O.inclination, ("averaged r x v of the flown path", "target")),
    Check("local-time-of-node", _O.local_time, ("averaged r x v, mean Sun of 1982", "target")),
    Check("node", _O.node, ("averaged r x v of the flown path", "target")),
    Check("node-rate", _O.node_rate, ("slope of the averaged node", "mean motion of the Sun")),
    Check(
        "meeting-plane",
        meeting.meeting_plane,
        ("averaged r x v, carried to the meeting", "SGP4 or secular rates of the object"),
    ),
    Check("semi-major-axis", _O.semi_major_axis, ("averaged energy of the path", "target")),
    Check("eccentricity", _O.eccentricity, ("averaged eccentricity vector", "target")),
    Check("reported-orbit", reported.reported_orbit, ("averaging the path", "mean-element theory")),
    Check("perigee-floor", _O.perigee_floor, ("conic through r, v; flown radii", "floor")),
    Check("parking-orbit", parking.parking_orbit, ("conic through r, v; flown radii", "floors")),
    Check("burn-floor", stopping.burn_floor, ("conic where each burn ends", "floor")),
    Check("burn-timeout", stopping.burn_timeout, ("burn flown on by DOP853", "floor")),
    Check("early-cut-off", stopping.early_cut_off, ("conics along each burn", "air, ground")),
    # the way there
    Check("launch-window", _W.launch_window, ("start of the path", "mission file")),
    Check("on-the-pad", _N.on_the_pad, ("start of the path", "site's coordinates")),
    Check("alignment", _Z.alignment, ("launch axes of the plan", "pad's meridian, own geodesy")),
    Check("planned-azimuth", _H.planned_azimuth, ("plan", "cos i / cos latitude")),
    Check("flown-heading", _H.flown_heading, ("path at T+60 s and at separation", "plan")),
    Check("corridor", _H.corridor, ("path at separation", "site's corridor")),
    Check("claimed-azimuth", _H.claimed_azimuth, ("flown path", "claim in the mission file")),
    Check("stage-turns", _T.stage_turns, ("plain difference of azimuths", "shortest turn")),
    Check("attitude-swept", _T.attitude_turn_flown, ("attitude along the path", "half a turn")),
    Check("visibility", sight.visibility, ("path at the event, own geodesy", "station's mask")),
    Check("critical-events", sight.critical_events, ("paths, own geodesy", "stations' masks")),
    # one flight, without a gap
    Check("start-in-orbit", starts.begun, ("start of the first leg", "mission file, own Kepler")),
    Check("seam-leg-ends", _S.leg_ends, ("states of the legs", "ends of the paths")),
    Check("seam-inside-paths", _S.inside_paths, ("series before a break", "series after it")),
    Check("seam-release", _S.release, ("end of the stack", "start of the orbit")),
    Check("releases", _S.releases, ("releases on record", "mission file")),
    Check("seam-separations", _S.parent_and_child, ("stack's path", "separated bodies")),
    Check("seam-frames", carried.frames, ("acceleration along each coast", "attraction")),
    Check("seam-units", carried.units, ("what places change by", "velocities, radii of bodies")),
    Check("seam-scales", carried.scales, ("one instant", "its other records")),
    Check("seam-attitudes", carried.attitudes, ("attitude given", "attitude taken")),
    Check("seam-covariances", carried.covariances, ("covariance given", "covariance taken")),
    Check("event-states", _N.event_states, ("events as recorded", "path, own geodesy")),
    # engines and tanks
    Check("unusual-figures", _K.unusual_figures, ("vehicle's file", "what engines can do")),
    Check("lift-off", _K.lift_off, ("start of the path", "catalogue masses and thrust")),
    Check(
        "engine-out",
        engines_out.engine_out,
        ("path at lift-off and along the burns", "catalogue thrusts and engines"),
    ),
    Check("plan-masses", plan_masses.plan_masses, ("plan", "path at first motion, mission file")),
    Check("mass-flow", _P.mass_flow, ("mass along the path", "thrust x time / (g0 Isp)")),
    Check("mass-between-burns", _P.mass_between_burns, ("mass along the path", "catalogue")),
    Check("mass-budget", _P.mass_budget, ("lift-off mass", "sum of the ledger")),
    Check("delta-v", _P.delta_v, ("ledger", "Tsiolkovsky with catalogue figures")),
    Check("thrust-felt", _P.thrust_felt, ("path's acceleration less gravity", "catalogue")),
    Check("throttle-range", _P.throttle_range, ("plan, evaluated again", "range of the engine")),
    Check("thrust-in-air", _A.thrust_in_air, ("path's acceleration less drag", "F - p Ae")),
    Check("losses", _A.losses, ("ledger", "integrals along the path, own drag")),
    Check("tanks", _K.tanks, ("loads less burns", "unusable residuals")),
    Check("ignition-timers", _I.ignition_timers, ("burns in the ledger", "rules of the vehicle")),
    Check("separation-timers", _I.separation_timers, ("separated bodies", "rules of the vehicle")),
    Check("recontact", apart.recontact, ("paths of the separated bodies", "path of the stack")),
    Check("fairing-off", apart.fairing_off, ("jettison on record, own air", "vehicle's file")),
    Check("dropped-mass", _K.dropped_mass, ("separated bodies", "dry mass and tanks by the burns")),
    Check("payload-margin", _K.payload_margin, ("optimum", "loads less residual less burns")),
    Check("reserve", reserve.reserve, ("loads less burns", "Tsiolkovsky's partials, 3 sigma")),
    Check("restart-gate", reserve.restart_gate, ("mass of the stack", "Tsiolkovsky, catalogue")),
    Check("restarts", _K.restarts, ("burns in the ledger", "catalogue")),
    # units of what is given
    Check("vehicle-units", _G.vehicle_units, ("vehicle's file", "closures, other vehicles")),
    Check("craft-units", _G.craft_units, ("spacecraft's figures", "one by another")),
    Check("place-units", _G.place_units, ("site and stations", "ground, catalogue")),
    Check("air-units", _G.air_units, ("wind, activity, limits", "what is met with")),
    Check(
        "start-units",
        start_units.start_units,
        ("start of the path", "its conic, what the message says beside it"),
    ),
    Check(small_forces.IMPULSE_UNITS, small_forces.impulse_units, small_forces.ROADS),
    # limits
    Check("dynamic-pressure", _L.dynamic_pressure, ("flown path, own density", "limit")),
    Check("q-alpha", _L.q_alpha, ("flown path and attitude, own wind", "limit")),
    Check("max-q-event", _L.max_q_event, ("recorded instant", "flown path")),
    Check("heat-flux", _L.heat_flux, ("flown path after the fairing", "limit")),
    Check("axial-acceleration", _L.axial_acceleration, ("derivative of the path", "limit")),
    Check("shadow", shade.shadow, ("the Sun's disc along the path", "limit; angle of the Sun")),
    # flown again
    Check("optimum-reflown", _R.optimum_reflown, ("re-flight", "optimiser's own insertion")),
    Check("coast-reflown", _R.coast_reflown, ("DOP853 over the specification", "path")),
    Check("orbit-defect", _R.orbit_defect, ("specification along the path", "path")),
    Check("force-audit", audited.force_audit, ("specification along the path", "audit")),
    Check("drop-points", _D.drop_points, ("own fall with drag", "recorded impact")),
    Check("drop-zones", _D.drop_zones, ("recorded impact and ellipse", "site's zones")),
    Check("fall-band", _C.fall_band, ("own falls with drag", "recorded band")),
    Check("impact-trace", _C.impact_trace, ("conic flown by DOP853", "recorded trace")),
    Check("keep-out", _C.keep_out, ("recorded impacts and corridor", "site's zones")),
    Check("spent-stage-perigee", _D.third_stage_suborbital, ("conic through r, v", "ground")),
    # the plan in orbit
    Check("plan-flown", _B.steps_flown, ("mission file", "steps and ends of the legs")),
    Check("coast-ends", _B.coast_ends, ("ends of the coasts", "path, own cue of the event")),
    Check("conditions-met", _B.conditions_met, ("conic through r, v at the end", "mission file")),
    Check(
        "orbit-restored",
        _F.orbit_restored,
        ("zonal energy, averages by DOP853", "start of the step"),
    ),
    Check("relative-state", _F.relative_state, ("end of the step, DOP853", "object's path")),
    Check("object-place", _F.object_place, ("object's path", "mission file, specification")),
    Check("parting", parting.parting, ("paths of both after a release", "mission file, momentum")),
    Check("burn-size", _U.burn_size, ("mass along the path", "Tsiolkovsky, mission file")),
    Check(
        "burn-direction",
        _U.burn_direction,
        ("path less own gravity", "mission's own axes"),
    ),
    Check("low-thrust", spirals.low_thrust, ("Gauss' equations on the push", "path")),
    Check("burn-tank", _U.tank, ("mass along the paths", "propellant loaded")),
    Check(
        "phase-entry",
        phase_entry.phase_entry,
        ("path where a phase begins, own geodesy", "gates of the mission file"),
    ),
    Check("touchdown", touched.touchdown, ("end of the path, own geodesy", "mission file")),
    Check("at-rest", risen.at_rest, ("path in the Moon's turning axes", "no motion")),
    Check("lunar-ascent", risen.ascent, ("conic at cut-off, own geodesy", "mission file")),
    Check("landing-plane", landed.landing_plane, ("r x v where braking begins", "mission file")),
    Check("landing-light", landed.landing_light, ("Sun, Moon by the IAU", "mission file")),
    Check("orbit-kept", keeping.orbit_kept, ("the flown paths", "mission file")),
    Check("conjunctions", conjunction.conjunctions, ("flown paths", "SGP4; DOP853")),
    Check("lifetime", decay.lifetime, ("drag over the anomaly, mean air", "25 years")),
    Check("disposal", disposal.disposal, ("Gauss's equations by SciPy", "mission file")),
    Check(
        "libration-orbit",
        libration.libration_orbit,
        ("flown path in the bodies' own axes", "the orbit by SciPy"),
    ),
    Check("lunar-orbit", moonward.lunar_orbit, ("conic at the end", "mission file")),
    Check("free-return", homeward.free_return, ("DOP853 from the burn on", "mission file")),
    Check("overflights", overflown.overflights, ("sampling the path, own angles", "overflights")),
    # plain sense
    Check("above-ground", _N.above_ground, ("every path, own geodesy", "ground, growth")),
    Check("orbit-nodes", _N.orbit_nodes, ("recorded nodes", "sampling the path")),
    Check("eclipses", _N.eclipses, ("recorded eclipses", "sampling the Sun's disc")),
    # the world
    Check("frames", _W.frames, ("rotations of the world", "sidereal time of 1982")),
    Check("earth-orientation", _W.earth_orientation, ("span of the flight", "span of the data")),
    Check("space-weather", _W.space_weather, ("span of the flight", "span of the data")),
    Check("data-span", _W.data_span, ("span of the flight", "span of the data")),
)


def run(flight: Flight, world: World, *, strict: bool = False) -> tuple[Finding, ...]:
    """Every check of the table on a flight, in the table's order.

    flight  what was flown; only its record, mission and the world are read; of several
            spacecraft each one's orbit is judged against its own target
    strict  raise what goes wrong inside a check instead of reporting it (for tests)

    Never raises otherwise: missing or expired data makes a finding "not-judged" with the
    reason, and an error inside a check makes it fail, so that nothing unverified passes.
    """
    view = View(flight, world)
    crafts = [view.of(p.spacecraft.id) for p in flight.mission.passengers]
    freed = _of_what_it_let_go(view)
    begins_in_orbit = isinstance(flight.mission, OrbitMission)
    absent = not_asked(flight.mission)
    later = view.after_burns()
    findings: list[Finding] = []
    for check in CHECKS:
        if check.name not in absent and (not begins_in_orbit or check.name in IN_ORBIT):
            of_the_end = begins_in_orbit and check.name in WANTED
            findings += _judged(check, later if of_the_end and later else view, "", strict)
            if later is not None and check.name in BOTH:
                findings += _judged(check, later, "", strict)
            for other in crafts if check.name in EACH else ():
                findings += _judged(check, other, other.flight.mission.spacecraft.id, strict)
        for name, asked, ways in freed:
            for other in ways if check.name in BOTH else ways[:1] if check.name in asked else ():
                findings += _judged(check, other, name, strict)
    return tuple(findings)


def _of_what_it_let_go(view: View) -> list[tuple[str, frozenset[str], list[View]]]:
    """Of each released craft its id, what is asked of its own plan, and the views of its orbit:
    from the release on and, with burns, after the last."""
    flown = {g.object for g in view.flight.legs}
    out = []
    for craft in view.flight.mission.spacecraft.carries:
        if craft.id in flown:
            own = view.of(craft.id)
            asked = OF_PLANS - not_asked(own.flight.mission) if craft.plan else frozenset()
            ways = [own, own.after_burns()]
            out.append((craft.id, frozenset(asked), [way for way in ways if way is not None]))
    return out


def _judged(check: Check, view: View, object: str, strict: bool) -> Iterator[Finding]:
    """Findings of one check on one view; `object` where a finding names none."""
    judged: list[Judged] = []
    try:
        for one in check.judge(view):
            judged.append(one)
        if not judged:
            judged.append(not_judged("nothing of this kind was flown"))
    except (NotJudged, DataSpanError) as e:
        judged.append(not_judged(str(e)))
    except Cancelled:
        raise
    except Exception as e:
        if strict:
            raise
        judged.append(
            Judged(
                "fails",
                None,
                None,
                "",
                None,
                "in the check itself",
                f"the check broke on this flight ({type(e).__name__}: {e}); nothing here is"
                " verified, and this is a fault of the program",
            )
        )
    for j in judged:
        yield j.finding(check.name, check.roads, object)
