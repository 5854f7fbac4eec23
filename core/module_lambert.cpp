// Lambert's problem, as Python declares it (cosmodrome.solvers.core_lambert).
#include "cpu.hpp"
#include "lambert.hpp"
#include "module.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <string>
#include <vector>

namespace core::door {
namespace {

const Kernels &level_of(const std::string &level) {
    return level.empty() ? kernels() : kernels_of(level.c_str());
}

LambertPath path_of(int path) {
    if (path < 0 || path > 3)
        throw std::invalid_argument("paths: prograde, retrograde, short, long");
    return LambertPath(path);
}

// The three doubles of an array, by its buffer, without a detour; nothing of anything else.
class Three {
public:
    explicit Three(PyObject *from, int flags = PyBUF_SIMPLE) {
        if (PyObject_GetBuffer(from, &view_, PyBUF_FORMAT | PyBUF_C_CONTIGUOUS | flags) != 0)
            PyErr_Clear();
        else if (view_.len == 3 * sizeof(double) && view_.format && view_.format[0] == 'd')
            at = static_cast<double *>(view_.buf);
    }
    ~Three() { PyBuffer_Release(&view_); }
    Three(const Three &) = delete;
    double *at = nullptr;

private:
    Py_buffer view_ = {};
};

// Three numbers out of anything that has them.
void three(nb::handle from, double *to, const char *what) {
    if (PyObject_CheckBuffer(from.ptr()))
        if (const Three array(from.ptr()); array.at) {
            std::memcpy(to, array.at, 3 * sizeof(double));
            return;
        }
    nb::object row = nb::steal(PySequence_Fast(from.ptr(), what));
    if (!row.is_valid() || PySequence_Fast_GET_SIZE(row.ptr()) != 3) {
        PyErr_Clear();
        throw std::invalid_argument(std::string(what) + " has three numbers");
    }
    for (int k = 0; k < 3; ++k) {
        to[k] = PyFloat_AsDouble(PySequence_Fast_GET_ITEM(row.ptr(), k));
        if (PyErr_Occurred()) {
            PyErr_Clear();
            throw std::invalid_argument(std::string(what) + " has three numbers");
        }
    }
}

// One pair of places and one time, whatever is asked of them.
struct Single {
    double r1[3], r2[3], normal[3], tof;
    LambertTask task;

    Single(nb::handle from, nb::handle to, double tof_s, double mu, int path, nb::handle plane)
        : tof(tof_s) {
        three(from, r1, "the first place");
        three(to, r2, "the second place");
        if (!plane.is_none()) {
            three(plane, normal, "the normal of the plane");
            task.normal = {normal, 0};
        }
        task.mu = mu;
        task.path = path_of(path);
        task.r1 = {r1, 0};
        task.r2 = {r2, 0};
        task.tof = {&tof, 0};
    }
    Single(const Single &) = delete;
};

// (v1, v2, r1, r2, tof, mu, turns, path, side, normal or None) -> fault; the velocities, (3,) each,
// are written into the first two. By CPython's own convention, which costs a third of the
// binding's.
PyObject *one(PyObject *, PyObject *const *args, Py_ssize_t count) noexcept {
    try {
        if (count != 10)
            throw std::invalid_argument("lambert_one takes ten arguments");
        const Three v1(args[0], PyBUF_WRITABLE), v2(args[1], PyBUF_WRITABLE);
        if (!v1.at || !v2.at)
            throw std::invalid_argument("a velocity has three numbers");
        const double tof = PyFloat_AsDouble(args[4]), mu = PyFloat_AsDouble(args[5]);
        const long turns = PyLong_AsLong(args[6]), path = PyLong_AsLong(args[7]);
        const double side = PyFloat_AsDouble(args[8]), whole = double(turns);
        if (PyErr_Occurred()) {
            PyErr_Clear();
            throw std::invalid_argument("numbers of another kind");
        }
        positive(mu, "the gravitational parameter");
        if (turns < 0 || turns > 1000)
            throw std::invalid_argument("revolutions: 0 to 1000");
        Single single(args[2], args[3], tof, mu, int(path), args[9]);
        single.task.n = 1;
        single.task.turns = {&whole, 0};
        single.task.side = {&side, 0};
        double out[6];
        std::uint8_t fault = 0;
        kernels().lambert(single.task, out, &fault);
        std::memcpy(v1.at, out, 3 * sizeof(double));
        std::memcpy(v2.at, out + 3, 3 * sizeof(double));
        return PyLong_FromLong(fault);
    } catch (const std::exception &refusal) {
        PyErr_SetString(PyExc_ValueError, refusal.what());
        return nullptr;
    }
}

PyMethodDef one_def = {"lambert_one", reinterpret_cast<PyCFunction>(reinterpret_cast<void *>(&one)),
                       METH_FASTCALL, nullptr};

// Every solution of one problem into out, (k, 2, 3), and faults, (k,), with k = 2 every + 1: the
// lanes are its solutions.
void every_of_one(nb::ndarray<double, nb::shape<-1, 2, 3>, nb::c_contig, nb::device::cpu> out,
                  nb::ndarray<std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu> faults,
                  nb::handle r1, nb::handle r2, double tof, double mu, int every, int path,
                  nb::handle normal) {
    if (every < 0 || every > 1000)
        throw std::invalid_argument("revolutions: 0 to 1000");
    const size_t k = 2 * size_t(every) + 1;
    if (out.shape(0) != k || faults.shape(0) != k)
        throw std::invalid_argument("as many rows as solutions");
    positive(mu, "the gravitational parameter");
    Single single(r1, r2, tof, mu, path, normal);
    std::vector<double> turns(k), side(k);
    for (size_t j = 0; j < k; ++j) {
        turns[j] = double((j + 1) / 2);
        side[j] = j % 2 == 0 && j > 0 ? -1.0 : 1.0;
    }
    single.task.n = int(k);
    single.task.turns = {turns.data(), 1};
    single.task.side = {side.data(), 1};
    kernels().lambert(single.task, out.data(), faults.data());
}

// One row a problem, or one row for all.
LambertColumn column_of(const Array2 &rows, size_t n, size_t width, const char *what) {
    if (rows.shape(1) != width || (rows.shape(0) != n && rows.shape(0) != 1))
        throw std::invalid_argument(std::string(what) + " has a row for each problem, or one");
    return {rows.data(), rows.shape(0) == 1 ? 0 : int(width)};
}

// As many problems as the longest column has rows.
void counted(int n, std::initializer_list<size_t> rows) {
    if (n < 0 || (n > 0 && std::max(rows) != size_t(n)))
        throw std::invalid_argument("as many problems as rows");
}

LambertTask task_of(int n, double mu, int path, const Array2 &r1, const Array2 &r2,
                    const Array2 &turns, const Array2 &normal) {
    positive(mu, "the gravitational parameter");
    LambertTask task;
    task.n = n;
    task.mu = mu;
    task.path = path_of(path);
    task.r1 = column_of(r1, n, 3, "the first place");
    task.r2 = column_of(r2, n, 3, "the second place");
    task.turns = column_of(turns, n, 1, "the number of revolutions");
    finite(turns, "the number of revolutions");
    if (normal.shape(0) > 0)
        task.normal = column_of(normal, n, 3, "the normal of the plane");
    return task;
}

nb::tuple many(int n, double mu, int path, Array2 r1, Array2 r2, Array2 tof, Array2 turns,
               Array2 side, Array2 normal, int all, const std::string &level) {
    const Kernels &k = level_of(level);
    counted(n, {r1.shape(0), r2.shape(0), tof.shape(0), turns.shape(0), side.shape(0),
                normal.shape(0)});
    LambertTask task = task_of(n, mu, path, r1, r2, turns, normal);
    task.tof = column_of(tof, n, 1, "the time of flight");
    task.side = column_of(side, n, 1, "the branch");
    if (all < -1 || all > 1000)
        throw std::invalid_argument("revolutions: 0 to 1000");
    task.all = all;
    const size_t each = size_t(lambert_solutions(task)), rows = each * size_t(n);
    std::vector<double> v(6 * rows);
    auto *faults = new std::vector<std::uint8_t>(rows);
    nb::capsule owner(faults,
                      [](void *p) noexcept { delete static_cast<std::vector<std::uint8_t> *>(p); });
    {
        nb::gil_scoped_release release;
        k.lambert(task, v.data(), faults->data());
    }
    return nb::make_tuple(
        owned(std::move(v), {size_t(n), each, 2, 3}),
        nb::ndarray<nb::numpy, std::uint8_t>(faults->data(), {size_t(n), each}, owner));
}

nb::object least(int n, double mu, int path, Array2 r1, Array2 r2, Array2 turns, Array2 normal,
                 const std::string &level) {
    const Kernels &k = level_of(level);
    counted(n, {r1.shape(0), r2.shape(0), turns.shape(0), normal.shape(0)});
    LambertTask task = task_of(n, mu, path, r1, r2, turns, normal);
    const double second = 1.0;
    task.tof = {&second, 0};
    std::vector<double> time(n);
    {
        nb::gil_scoped_release release;
        k.lambert_least(task, time.data());
    }
    return owned(std::move(time), {size_t(n)});
}

} // namespace

void bind_lambert(nb::module_ &m) {
    m.attr("lambert_one") = nb::steal(PyCFunction_NewEx(&one_def, nullptr, nullptr));
    // what may be nothing is said to be so
    m.def("lambert_every", &every_of_one, nb::arg("out"), nb::arg("faults"), nb::arg("r1"),
          nb::arg("r2"), nb::arg("tof"), nb::arg("mu"), nb::arg("every"), nb::arg("path"),
          nb::arg("normal").none());
    m.def("lambert", &many);
    m.def("lambert_least", &least);
}

} // namespace core::door
