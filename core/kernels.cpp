// The hot loops, compiled once per SIMD level with CORE_LEVEL and CORE_LANES.
#include "kernels_climb.hpp"
#include "kernels_coverage.hpp"
#include "kernels_gravity.hpp"
#include "kernels_path.hpp"

namespace core::CORE_LEVEL {

// in guided_flight.cpp, compiled without fused operations
void guided(const GuidedProgramme &programme, const GuidedLanes &lanes, double *marks,
            double *tallies);
// in lambert.cpp
void lambert(const LambertTask &task, double *v, std::uint8_t *fault);
void lambert_least(const LambertTask &task, double *time);

#define CORE_TEXT_(x) #x
#define CORE_TEXT(x) CORE_TEXT_(x)

const Kernels *table() {
    static const Kernels kernels = {CORE_TEXT(CORE_LEVEL),
                                    W,
                                    gravity,
                                    rough,
                                    gradient,
                                    varying,
                                    multiply,
                                    third_body,
                                    repel,
                                    add,
                                    kepler,
                                    sources,
                                    respond,
                                    series,
                                    legendre,
                                    spin,
                                    climb_step,
                                    climb_heat,
                                    ground_gauge,
                                    ground_cross,
                                    guided,
                                    lambert,
                                    lambert_least};
    return &kernels;
}

} // namespace core::CORE_LEVEL
