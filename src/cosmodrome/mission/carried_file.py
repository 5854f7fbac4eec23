"""What a spacecraft carries and releases in orbit, as mission files write it.

It may have an engine, propellant and a plan of its own, which it flies from its release on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.formats.leaves import Leaf, Words
from cosmodrome.formats.typed import Model, Read
from cosmodrome.mission.nouns import CraftEngine, Spacecraft
from cosmodrome.mission.plan_file import PlanStepFile, judge_plan, step_of, step_written
from cosmodrome.mission.rising_file import judge_ground

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading
    from cosmodrome.mission.spacecraft_file import SpacecraftFile

__all__ = ["Area", "CarriedFile", "EngineFile", "body_of", "body_tree", "judge_tank"]

Area = Annotated[Read, Leaf("area", low=0.0, example="12 m^2")]


def _default(text: str) -> Any:
    return Field(default=text, validate_default=True)


class EngineFile(Model):
    """What a spacecraft thrusts with in vacuum."""

    thrust: Annotated[Read, Leaf("force", low=0.0, above=True, example="400 N")]
    isp: Annotated[Read, Leaf("time", low=0.0, above=True, high=1e5, example="320 s")]

    meant: ClassVar[dict[str, str]] = {
        "thrust_vacuum": "thrust",
        "isp_vacuum": "isp",
        "specific_impulse": "isp",
    }


def _engine_of(file: EngineFile | None) -> CraftEngine | None:
    """The engine a file writes; None where it writes none."""
    return None if file is None else CraftEngine(file.thrust.value, file.isp.value)


def _engine_tree(file: CarriedFile | SpacecraftFile) -> dict[str, Any]:
    """Engine, thrusters and propellant as the resolved file writes them; {} where there is none."""
    out: dict[str, Any] = {}
    for key, engine in (("engine", file.engine), ("thrusters", file.thrusters)):
        if engine is not None:
            out[key] = {"thrust": engine.thrust.text, "isp": engine.isp.text}
    return out if file.propellant is None else {**out, "propellant": file.propellant.text}


def judge_tank(file: CarriedFile | SpacecraftFile, context: Reading) -> None:
    """Record a fault for an engine without propellant, propellant without an engine, and for more
    of it than the spacecraft weighs."""
    mass, propellant = file.mass, file.propellant
    for what, engine in (("engine has", file.engine), ("thrusters have", file.thrusters)):
        if engine is not None and propellant is None:
            context.fault(
                engine.stands,
                "",
                f"nothing says how much propellant the {what}",
                "Add propellant: 500 kg, which is part of the mass.",
            )
    if propellant is None:
        return
    if file.engine is None and file.thrusters is None:
        context.fault(
            propellant.place,
            propellant.text,
            "nothing burns this propellant",
            "Add engine: {thrust: 400 N, isp: 320 s}, or remove propellant.",
        )
    elif mass.value is not None and propellant.value >= mass.value:
        context.fault(
            propellant.place,
            propellant.text,
            f"the propellant is part of the mass, which is {mass.text}",
            "Write less propellant, or the mass with all tanks full.",
        )


def body_tree(file: CarriedFile | SpacecraftFile) -> dict[str, Any]:
    """What every craft is told by, with each default written out."""
    return {
        "id": file.id,
        "mass": file.mass.text,
        "drag_area": file.drag_area.text,
        "drag_coefficient": file.drag_coefficient.text,
        "srp_area": (file.srp_area or file.drag_area).text,
        "reflectivity": file.reflectivity.text,
        **_engine_tree(file),
    }


def body_of(file: CarriedFile | SpacecraftFile, **more: Any) -> Spacecraft:
    """The same in SI, with what else a craft has."""
    return Spacecraft(
        id=file.id,
        mass_kg=file.mass.value,
        drag_area_m2=file.drag_area.value,
        drag_coefficient=file.drag_coefficient.value,
        srp_area_m2=(file.srp_area or file.drag_area).value,
        reflectivity=file.reflectivity.value,
        engine=_engine_of(file.engine),
        thrusters=_engine_of(file.thrusters),
        propellant_kg=0.0 if file.propellant is None else file.propellant.value,
        **more,
    )


class CarriedFile(Model):
    """What a spacecraft releases in orbit."""

    id: Annotated[str, Words("an id", "cubesat-1", identifier=True)]
    mass: Annotated[Read, Leaf("mass", low=0.0, above=True, example="6 kg")]
    drag_area: Area = _default("0.1 m^2")
    drag_coefficient: Annotated[Read, Leaf("number", low=0.0, high=10.0)] = _default("2.2")
    srp_area: Area | None = None
    reflectivity: Annotated[Read, Leaf("number", low=0.0, high=2.0, example="1.3")] = _default(
        "1.3"
    )
    engine: EngineFile | None = None
    thrusters: EngineFile | None = Field(default=None, examples=["{thrust: 0.9 N, isp: 220 s}"])
    propellant: Annotated[Read, Leaf("mass", low=0.0, above=True, example="500 kg")] | None = None
    plan: list[PlanStepFile] = Field(default_factory=list, examples=["[coast: {for: 1 day}]"])

    meant: ClassVar[dict[str, str]] = {
        "cd": "drag_coefficient",
        "area": "drag_area",
        "cr": "reflectivity",
        "name": "id",
        "steps": "plan",
    }
    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        "carries": (
            "what is carried releases nothing itself in this version",
            "List it under carries of the spacecraft that begins the flight, and release it there.",
        ),
    }

    def judge(self, context: Reading) -> None:
        judge_tank(self, context)
        if self.plan:
            judge_plan(self.plan, self.to_spacecraft(), False, context)
            judge_ground(self.plan, self.to_spacecraft(), False, context)

    def tree(self) -> dict[str, Any]:
        """The mapping with every default written out."""
        out = body_tree(self)
        if self.plan:
            out["plan"] = [step_written(step, number) for number, step in enumerate(self.plan, 1)]
        return out

    def to_spacecraft(self) -> Spacecraft:
        return body_of(
            self,
            plan=tuple(step_of(step, number) for number, step in enumerate(self.plan, 1)),
        )
