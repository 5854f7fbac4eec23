// The Python face of the core. Shapes and units are checked in cosmodrome.solvers.core.
#include "cpu.hpp"
#include "gravity.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

#include <string>
#include <vector>

namespace nb = nanobind;
using Array1 = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Array2 = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

namespace {

nb::object owned(std::vector<double> &&data, std::initializer_list<size_t> shape) {
    auto *kept = new std::vector<double>(std::move(data));
    nb::capsule owner(kept, [](void *p) noexcept { delete static_cast<std::vector<double> *>(p); });
    return nb::cast(nb::ndarray<nb::numpy, double>(kept->data(), shape, owner));
}

// Gravity at places in the body-fixed frame, (n, 3) -> (n, 3).
nb::object gravity(const core::GravityField &field, Array2 r, const std::string &level) {
    const auto &k = level.empty() ? core::kernels() : core::kernels_of(level.c_str());
    const int n = int(r.shape(0)), padded = (n + 7) / 8 * 8;
    std::vector<double> rotation(9 * padded, 0.0), places(3 * padded), a(3 * padded);
    for (int i = 0; i < padded; ++i) {
        rotation[i] = rotation[4 * padded + i] = rotation[8 * padded + i] = 1.0;
        for (int c = 0; c < 3; ++c)
            places[c * padded + i] = i < n ? r(i, c) : field.radius;
    }
    {
        nb::gil_scoped_release release;
        k.gravity(field.view(), rotation.data(), places.data(), a.data(), padded);
    }
    std::vector<double> out(3 * n);
    for (int i = 0; i < n; ++i)
        for (int c = 0; c < 3; ++c)
            out[3 * i + c] = a[c * padded + i];
    return owned(std::move(out), {size_t(n), 3});
}

} // namespace

NB_MODULE(_core, m) {
    m.doc() = "Compiled kernels of cosmodrome; use them through cosmodrome.solvers.core.";
    m.def("simd_level", [] { return std::string(core::kernels().name); });
    nb::class_<core::GravityField>(m, "GravityField")
        .def("__init__",
             [](core::GravityField *self, double mu, double radius, Array2 c, Array2 s, int degree,
                int order) {
                 if (c.shape(0) != c.shape(1) || s.shape(0) != c.shape(0) ||
                     s.shape(1) != c.shape(1))
                     throw std::invalid_argument("gravity: C and S must be square, of one size");
                 new (self) core::GravityField(mu, radius, c.data(), s.data(), int(c.shape(0)),
                                               degree, order);
             })
        .def_ro("degree", &core::GravityField::degree)
        .def_ro("order", &core::GravityField::order)
        .def("acceleration", &gravity, nb::arg("r_m"), nb::arg("level") = "");
}
