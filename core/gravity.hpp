// A gravity field prepared for the kernels: the coefficients of its gradient.
#pragma once

#include "kernels.hpp"

#include <vector>

namespace core {

class GravityField {
public:
    // c, s: fully normalised, row-major (size, size) with row = degree; degree < size.
    GravityField(double mu, double radius, const double *c, const double *s, int size, int degree,
                 int order);

    FieldView view() const {
        return {degree + 1, order + 1, mu / (radius * radius), radius, terms_.data()};
    }

    const double mu, radius;
    const int degree, order;

private:
    std::vector<double> terms_;
};

} // namespace core
