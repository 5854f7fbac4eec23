// Between Python and the core: arrays in, arrays out, and what is refused at the door.
#pragma once

#include "environment.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cmath>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace core::door {

namespace nb = nanobind;
using Array1 = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Array2 = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Array3 = nb::ndarray<const double, nb::ndim<3>, nb::c_contig, nb::device::cpu>;
using Array4 = nb::ndarray<const double, nb::ndim<4>, nb::c_contig, nb::device::cpu>;

inline nb::object owned(std::vector<double> &&data, std::initializer_list<size_t> shape) {
    auto *kept = new std::vector<double>(std::move(data));
    nb::capsule owner(kept, [](void *p) noexcept { delete static_cast<std::vector<double> *>(p); });
    return nb::cast(nb::ndarray<nb::numpy, double>(kept->data(), shape, owner));
}

inline void finite(const double *x, size_t n, const char *what) {
    for (size_t i = 0; i < n; ++i)
        if (!std::isfinite(x[i]))
            throw std::invalid_argument(std::string(what) + " is finite in all its numbers");
}

template <class Array> void finite(const Array &a, const char *what) {
    finite(a.data(), a.size(), what);
}

inline void positive(double x, const char *what) {
    if (!(x > 0.0) || !std::isfinite(x))
        throw std::invalid_argument(std::string(what) + " must be a positive number");
}

// (blocks, rows, terms) with the start and length of a block in seconds.
inline ChebyshevTable table(double start, double block, Array3 c, int rows) {
    ChebyshevTable t;
    t.start = start;
    t.block = block;
    t.blocks = int(c.shape(0));
    t.rows = int(c.shape(1));
    t.terms = int(c.shape(2));
    if (t.blocks < 1 || t.terms < 1 || !(block > 0.0) || !std::isfinite(start + block))
        throw std::invalid_argument("a Chebyshev table needs blocks of positive length");
    if (rows > 0 && t.rows != rows)
        throw std::invalid_argument("a Chebyshev table has the wrong number of rows");
    finite(c, "a Chebyshev table");
    t.c.assign(c.data(), c.data() + c.size());
    return t;
}

} // namespace core::door
