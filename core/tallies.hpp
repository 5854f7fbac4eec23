// Accesses of a cell put in order, and counted.
#pragma once

#include "cells.hpp"

#include <vector>

namespace core {

// By point, then start, then satellite.
void by_point(std::vector<Seen> &seen);

// The figures of the points of a cell, of accesses in that order.
void tally(const std::vector<Seen> &seen, const Cell &cell, double span, Covered &all);

// The accesses of all cells in that order.
void gather(std::vector<std::vector<Seen>> &rows, int points, std::vector<Seen> &out);

} // namespace core
