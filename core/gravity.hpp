// Gravity fields prepared for the kernels: coefficients of the gradient and of the tensor.
#pragma once

#include "environment.hpp"
#include "kernels.hpp"

#include <memory>
#include <mutex>
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
    // Of the gradient tensor; made at the first call.
    FieldView tensor() const;

    // What lies above a lower field's degree, for `rough`.
    std::vector<float> rough_terms(int above) const;
    RoughView rough(const std::vector<float> &terms) const {
        return {degree + 1, order + 1, mu / (radius * radius), radius, terms.data()};
    }
    // The same field cut to a lower degree.
    std::unique_ptr<GravityField> cut(int degree) const;

    const double mu, radius;
    const int degree, order;

private:
    std::vector<double> c_, s_; // (degree + 1)^2
    std::vector<double> terms_;
    mutable std::once_flag made_;
    mutable std::vector<double> tensor_;
};

// A field whose coefficients move with time (tides): Chebyshev series of the gradient's terms.
class VaryingField {
public:
    // rows of `coefficients`: C then S of (n, m), n = 0 .. degree, m = 0 .. n, fully normalised.
    VaryingField(double mu, double radius, int degree, const ChebyshevTable &coefficients);

    // Terms at n nodes, into `terms`.
    VaryingView view(const double *t, int n, Rows &terms) const;
    const ChebyshevTable &table() const { return table_; }

    const double mu, radius;
    const int degree;

private:
    std::vector<double> gamma_;
    ChebyshevTable table_; // six rows per (m, n)
};

} // namespace core
