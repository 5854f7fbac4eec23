#pragma once

#include "gauges.hpp"

#include <vector>

namespace core {

// (satellites, pieces + 1): the last of each satellite has its start alone. nearest and farthest
// are the least and largest distance of a ground point from the centre.
std::vector<Stretch> pieces_of(const Sky &sky, const Sensor &sensor, const Gauges &gauges,
                               double nearest, double farthest);

} // namespace core
