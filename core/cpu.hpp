// Which kernels this machine runs. COSMODROME_SIMD=baseline|avx2|avx512 forces a level.
#pragma once

#include "kernels.hpp"

namespace core {

// The kernels in use, chosen once when the module is loaded.
const Kernels &kernels();

// Kernels of a named level; throws std::runtime_error where this machine cannot run it.
const Kernels &kernels_of(const char *level);

} // namespace core
