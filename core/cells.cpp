#include "cells.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace core {
namespace {

constexpr int kMost = 64; // points of a cell

class Split {
public:
    explicit Split(const Ground &ground) : ground_(ground), units_(3 * std::size_t(ground.points)) {
        for (int i = 0; i < ground.points; ++i) {
            const double *p = ground.place + 3 * std::size_t(i);
            const double r = std::sqrt(dot3(p, p));
            for (int c = 0; c < 3; ++c)
                units_[3 * std::size_t(i) + c] = p[c] / r;
        }
    }

    // Halves along the longest side of the box until a cell is small.
    void split(int *first, int *last, std::vector<Cell> &out) const {
        if (last - first <= kMost) {
            out.push_back(cell(first, last));
            return;
        }
        int axis = 0;
        double longest = -1.0;
        for (int c = 0; c < 3; ++c) {
            const auto [lo, hi] =
                std::minmax_element(first, last, [&](int a, int b) { return at(a)[c] < at(b)[c]; });
            if (at(*hi)[c] - at(*lo)[c] > longest) {
                longest = at(*hi)[c] - at(*lo)[c];
                axis = c;
            }
        }
        int *const middle = first + (last - first) / 2;
        // equal places are told apart by their number: the same cells on every machine
        std::nth_element(first, middle, last, [&](int a, int b) {
            return at(a)[axis] != at(b)[axis] ? at(a)[axis] < at(b)[axis] : a < b;
        });
        split(first, middle, out);
        split(middle, last, out);
    }

private:
    const double *at(int i) const { return units_.data() + 3 * std::size_t(i); }

    Cell cell(int *first, int *last) const {
        std::sort(first, last);
        Cell cell;
        cell.who.assign(first, last);
        const int n = cell.count();
        cell.held = padded(n);
        cell.ground.resize(6 * std::size_t(cell.held));
        double sum[3] = {};
        for (int i = 0; i < cell.held; ++i) {
            const std::size_t from = 3 * std::size_t(cell.who[std::min(i, n - 1)]);
            for (int c = 0; c < 3; ++c) {
                cell.ground[c * cell.held + i] = ground_.place[from + c];
                cell.ground[(3 + c) * cell.held + i] = ground_.normal[from + c];
                if (i < n) {
                    cell.units.push_back(units_[from + c]);
                    sum[c] += units_[from + c];
                }
            }
        }
        const double size = std::sqrt(dot3(sum, sum));
        double least = 1.0;
        for (int c = 0; c < 3; ++c)
            // points that balance each other out have no middle: any axis, half a turn wide
            cell.axis[c] = size > 1e-9 ? sum[c] / size : (c == 2 ? 1.0 : 0.0);
        for (int i = 0; i < n; ++i)
            least = std::min(least, dot3(cell.axis, cell.unit(i)));
        const double angle = std::min(std::acos(std::clamp(least, -1.0, 1.0)) + 1e-7, M_PI);
        cell.cosine = std::cos(angle);
        cell.sine = std::sin(angle);
        return cell;
    }

    const Ground &ground_;
    std::vector<double> units_;
};

} // namespace

std::vector<Cell> cells_of(const Ground &ground) {
    std::vector<int> order(ground.points);
    std::iota(order.begin(), order.end(), 0);
    std::vector<Cell> cells;
    if (ground.points > 0)
        Split(ground).split(order.data(), order.data() + order.size(), cells);
    return cells;
}

} // namespace core
