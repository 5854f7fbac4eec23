"""What each check is about: the classes by which the index of pages and `verify` group them."""

from __future__ import annotations

from typing import Literal

__all__ = ["CLASSES", "CLASS_OF", "ONLY_WARN", "Class"]

Class = Literal[
    "geometry", "seams", "units", "burns", "propellant", "staging", "environment",
    "visibility", "lifetime", "conjunction", "data", "models", "records",
]  # fmt: skip

#: class -> its checks, in the order of the index
CLASSES: dict[Class, tuple[str, ...]] = {
    "geometry": (
        "inclination", "local-time-of-node", "node", "node-rate", "meeting-plane",
        "semi-major-axis", "eccentricity", "launch-window", "on-the-pad", "alignment",
        "planned-azimuth", "heading-first-minute", "heading-first-stage", "corridor",
        "claimed-azimuth", "stage-turns", "attitude-swept", "conditions-met",
        "orbit-restored", "relative-state", "phase-entry", "touchdown", "lunar-ascent",
        "landing-plane", "landing-light", "lunar-orbit", "free-return", "libration-orbit",
    ),
    "seams": (
        "start-in-orbit", "seam-leg-ends", "seam-inside-paths", "seam-release", "releases",
        "seam-separations",
        "seam-frames", "seam-scales", "seam-attitudes", "seam-covariances", "plan-flown",
        "object-place", "at-rest",
    ),
    "units": (
        "unusual-figures", "seam-units", "vehicle-units", "craft-units", "place-units",
        "air-units", "start-units", "impulse-units",
    ),
    "burns": (
        "perigee-floor", "parking-orbit", "burn-floor", "burn-timeout", "early-cut-off",
        "delta-v", "thrust-felt", "throttle-range", "thrust-in-air", "losses",
        "ignition-timers", "coast-ends", "burn-size",
        "burn-direction", "low-thrust",
    ),
    "propellant": (
        "lift-off", "engine-out", "plan-masses", "mass-flow", "mass-between-burns", "mass-budget",
        "tanks", "payload-margin", "reserve", "restart-gate", "restarts", "burn-tank",
    ),
    "staging": (
        "separation-timers", "recontact", "fairing-off", "dropped-mass", "drop-points",
        "drop-zones", "fall-band", "impact-trace", "keep-out", "spent-stage-perigee", "parting",
    ),
    "environment": (
        "dynamic-pressure", "q-alpha", "heat-flux", "axial-acceleration", "shadow",
        "above-ground", "climb",
    ),
    "visibility": ("visibility", "critical-events", "overflights"),
    "lifetime": ("lifetime", "orbit-kept", "disposal"),
    "conjunction": ("conjunctions",),
    "data": ("frames", "earth-orientation", "space-weather", "data-span"),
    "models": ("optimum-reflown", "coast-reflown", "orbit-defect", "force-audit"),
    "records": ("reported-orbit", "event-states", "max-q-event", "orbit-nodes", "eclipses"),
}  # fmt: skip

CLASS_OF: dict[str, Class] = {name: of for of, names in CLASSES.items() for name in names}

#: checks of what somebody should look at and no flight is wrong by: they warn and never fail
ONLY_WARN = frozenset(
    {
        "critical-events", "early-cut-off", "earth-orientation", "engine-out", "lifetime",
        "reserve", "unusual-figures",
    }
)  # fmt: skip
