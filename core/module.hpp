#pragma once

#include "door.hpp"
#include "propagate.hpp"

namespace core::door {

struct PyModel : Model {};

void bind_climb(nb::module_ &m);
void bind_coverage(nb::module_ &m);
void bind_model(nb::module_ &m);
void bind_guided(nb::module_ &m);
void bind_lambert(nb::module_ &m);

} // namespace core::door
