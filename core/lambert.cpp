// Lambert's problem, compiled once per SIMD level.
#include "kernels_lambert.hpp"
