// Rows of numbers at nodes, on cache-line boundaries: a vector that straddles two lines costs two
// loads.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace core {

template <class T> struct Aligned {
    using value_type = T;
    static constexpr std::align_val_t kLine{64};
    Aligned() = default;
    template <class U> Aligned(const Aligned<U> &) {}
    T *allocate(std::size_t n) { return static_cast<T *>(::operator new(n * sizeof(T), kLine)); }
    void deallocate(T *p, std::size_t) { ::operator delete(p, kLine); }
    template <class U> bool operator==(const Aligned<U> &) const { return true; }
};

// k components of n nodes: component c of node i at [c n + i].
using Rows = std::vector<double, Aligned<double>>;

inline int padded(int n) {
    return (n + 7) / 8 * 8;
}

} // namespace core
