#pragma once

#include "door.hpp"
#include "propagate.hpp"

namespace core::door {

struct PyModel : Model {};

// A burn as Python tells it; std::invalid_argument where it is none.
Burn burn_of(Array1 t, Array1 thrust, Array1 flow, Array2 direction, int axes);

void bind_climb(nb::module_ &m);
void bind_coverage(nb::module_ &m);
void bind_model(nb::module_ &m);
void bind_guided(nb::module_ &m);
void bind_lambert(nb::module_ &m);

} // namespace core::door
