// The state-transition matrix and partial derivatives by parameters, on the nodes of the path.
#pragma once

#include "segment.hpp"

#include <vector>

namespace core {

// Parameters are factors on a force, 1 on the path itself.
struct Partials {
    bool state = false; // the 6 x 6 matrix; the others come with it
    bool mu = false, drag = false, light = false, thrust = false;

    int count() const { return int(mu) + int(drag) + int(light) + int(thrust); }
};

class Variations {
public:
    Variations(const Model &model, const Scales &scales, const Partials &partials, double mass0);

    // Carry the matrix over the stepper's last segment, up to `until` inside it.
    void step(const Stepper &stepper, double until);

    // 6 x (6 + partials), row-major.
    const std::vector<double> &matrix() const { return matrix_; }

private:
    void linearise(const Stepper &stepper);

    const Model &model_;
    const Scales &scales_;
    const Partials partials_;
    const double mass0_;
    const int columns_;
    std::vector<double> matrix_;
    Rows g_, d_, s_; // 9 n, 9 n, 3 n each parameter
    bool by_velocity_ = false;
    int light_ = -1; // the column of light
    Rows x_, y_, f_, next_, work_, moved_, a_, b_, norms_;
    Workspace space_;
};

} // namespace core
