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

// The numbers of an array, by its buffer, without a detour; nothing of anything else.
template <typename T, char format> class Buffer {
public:
    Buffer(PyObject *from, size_t count, int flags = PyBUF_SIMPLE) {
        if (PyObject_GetBuffer(from, &view_, PyBUF_FORMAT | PyBUF_C_CONTIGUOUS | flags) != 0)
            PyErr_Clear();
        else if (view_.len == Py_ssize_t(count * sizeof(T)) && view_.format &&
                 view_.format[0] == format)
            at = static_cast<T *>(view_.buf);
    }
    ~Buffer() { PyBuffer_Release(&view_); }
    Buffer(const Buffer &) = delete;
    T *at = nullptr;

private:
    Py_buffer view_ = {};
};
using Doubles = Buffer<double, 'd'>;
using Bytes = Buffer<std::uint8_t, 'B'>;

// Three numbers out of anything that has them.
void three(nb::handle from, double *to, const char *what) {
    if (PyObject_CheckBuffer(from.ptr()))
        if (const Doubles array(from.ptr(), 3); array.at) {
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

// By CPython's own calling convention, which costs a third of the binding's where one problem is
// solved in a microsecond.
using Arguments = PyObject *const *;

template <typename Body> PyObject *fast(Py_ssize_t count, Py_ssize_t wanted, Body body) noexcept {
    try {
        if (count != wanted)
            throw std::invalid_argument(std::to_string(wanted) + " arguments are wanted");
        return body();
    } catch (const std::exception &refusal) {
        PyErr_SetString(PyExc_ValueError, refusal.what());
        return nullptr;
    }
}

// what the last conversions of Python numbers left behind
void of_another_kind() {
    if (PyErr_Occurred()) {
        PyErr_Clear();
        throw std::invalid_argument("numbers of another kind");
    }
}

void some_turns(long turns) {
    if (turns < 0 || turns > 1000)
        throw std::invalid_argument("revolutions: 0 to 1000");
}

// For one problem, which fills one lane: narrow lanes give the same digits sooner.
const Kernels &of_one() {
    static const Kernels &chosen =
        std::strcmp(kernels().name, "avx512") == 0 ? kernels_of("avx2") : kernels();
    return chosen;
}

// (v1, v2, r1, r2, tof, mu, turns, path, side, normal or None) -> fault; the velocities, (3,) each,
// are written into the first two.
PyObject *one(PyObject *, Arguments args, Py_ssize_t count) noexcept {
    return fast(count, 10, [&] {
        const Doubles v1(args[0], 3, PyBUF_WRITABLE), v2(args[1], 3, PyBUF_WRITABLE);
        if (!v1.at || !v2.at)
            throw std::invalid_argument("a velocity has three numbers");
        const double tof = PyFloat_AsDouble(args[4]), mu = PyFloat_AsDouble(args[5]);
        const long turns = PyLong_AsLong(args[6]), path = PyLong_AsLong(args[7]);
        const double side = PyFloat_AsDouble(args[8]), whole = double(turns);
        of_another_kind();
        positive(mu, "the gravitational parameter");
        some_turns(turns);
        Single single(args[2], args[3], tof, mu, int(path), args[9]);
        single.task.n = 1;
        single.task.turns = {&whole, 0};
        single.task.side = {&side, 0};
        double out[6];
        std::uint8_t fault = 0;
        of_one().lambert(single.task, out, &fault);
        std::memcpy(v1.at, out, 3 * sizeof(double));
        std::memcpy(v2.at, out + 3, 3 * sizeof(double));
        return PyLong_FromLong(fault);
    });
}

// (v1, v2, faults, r1, r2, tof, mu, every, path, normal or None): every solution of one problem
// into (k, 3), (k, 3) and (k,) with k = 2 every + 1; the lanes are its solutions.
PyObject *every_of_one(PyObject *, Arguments args, Py_ssize_t count) noexcept {
    return fast(count, 10, [&] {
        const double tof = PyFloat_AsDouble(args[5]), mu = PyFloat_AsDouble(args[6]);
        const long every = PyLong_AsLong(args[7]), path = PyLong_AsLong(args[8]);
        of_another_kind();
        some_turns(every);
        positive(mu, "the gravitational parameter");
        const size_t k = 2 * size_t(every) + 1;
        const Doubles v1(args[0], 3 * k, PyBUF_WRITABLE), v2(args[1], 3 * k, PyBUF_WRITABLE);
        const Bytes faults(args[2], k, PyBUF_WRITABLE);
        if (!v1.at || !v2.at || !faults.at)
            throw std::invalid_argument("as many rows as solutions");
        Single single(args[3], args[4], tof, mu, int(path), args[9]);
        std::vector<double> numbers(8 * k);
        double *turns = numbers.data(), *side = turns + k, *out = side + k;
        for (size_t j = 0; j < k; ++j) {
            turns[j] = double((j + 1) / 2);
            side[j] = j % 2 == 0 && j > 0 ? -1.0 : 1.0;
        }
        single.task.n = int(k);
        single.task.turns = {turns, 1};
        single.task.side = {side, 1};
        kernels().lambert(single.task, out, faults.at);
        for (size_t j = 0; j < k; ++j) {
            std::memcpy(v1.at + 3 * j, out + 6 * j, 3 * sizeof(double));
            std::memcpy(v2.at + 3 * j, out + 6 * j + 3, 3 * sizeof(double));
        }
        return Py_NewRef(Py_None);
    });
}

using FastCall = PyObject *(*)(PyObject *, Arguments, Py_ssize_t) noexcept;
PyMethodDef fast_def(const char *name, FastCall call) {
    return {name, reinterpret_cast<PyCFunction>(reinterpret_cast<void *>(call)), METH_FASTCALL,
            nullptr};
}
PyMethodDef one_def = fast_def("lambert_one", &one);
PyMethodDef every_def = fast_def("lambert_every", &every_of_one);

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
    some_turns(all == -1 ? 0 : all);
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
    for (PyMethodDef *def : {&one_def, &every_def})
        m.attr(def->ml_name) = nb::steal(PyCFunction_NewEx(def, nullptr, nullptr));
    m.def("lambert", &many);
    m.def("lambert_least", &least);
}

} // namespace core::door
