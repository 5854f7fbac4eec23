#include "tallies.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace core {
namespace {

struct Tally {
    double *row;
    int folds;

    void gap(double length) {
        if (!(length > 0.0))
            return;
        row[gaps] += 1.0;
        row[longest_gap_s] = std::max(row[longest_gap_s], length);
        row[gap2_s2] += length * length;
    }

    // Time with `depth` satellites in view.
    void view(int depth, double length) {
        for (int f = 0; f < std::min(depth, folds); ++f)
            row[kFigures + f] += length;
    }
};

} // namespace

void by_point(std::vector<Seen> &seen) {
    std::sort(seen.begin(), seen.end(), [](const Seen &a, const Seen &b) {
        return std::tie(a.point, a.start, a.satellite) < std::tie(b.point, b.start, b.satellite);
    });
}

void tally(const std::vector<Seen> &seen, const Cell &cell, double span, Covered &all) {
    std::vector<double> stops;
    std::size_t at = 0;
    for (int point : cell.who) {
        const std::size_t columns = std::size_t(kFigures) + all.folds;
        Tally tally{all.figures.data() + point * columns, all.folds};
        const std::size_t first = at;
        stops.clear();
        for (; at < seen.size() && seen[at].point == point; ++at) {
            const double length = seen[at].stop - seen[at].start;
            tally.row[accesses] += 1.0;
            tally.row[access_s] += length;
            tally.row[longest_access_s] = std::max(tally.row[longest_access_s], length);
            stops.push_back(seen[at].stop);
        }
        std::sort(stops.begin(), stops.end());
        // starts and stops merged, a start before a stop of the same instant
        double now = 0.0, dark = 0.0;
        int depth = 0, most_at_once = 0;
        std::size_t in = first, out = 0;
        while (out < stops.size()) {
            const bool start = in < at && seen[in].start <= stops[out];
            const double t = start ? seen[in].start : stops[out];
            if (depth > 0)
                tally.view(depth, t - now);
            else
                tally.gap(t - dark);
            now = t;
            if (start) {
                ++in;
                most_at_once = std::max(most_at_once, ++depth);
            } else {
                ++out;
                if (--depth == 0)
                    dark = t;
            }
        }
        tally.gap(span - dark);
        tally.row[most] = most_at_once;
    }
}

void gather(std::vector<std::vector<Seen>> &rows, int points, std::vector<Seen> &out) {
    std::vector<std::size_t> first(std::size_t(points) + 1, 0);
    for (const auto &row : rows)
        for (const Seen &seen : row)
            ++first[std::size_t(seen.point) + 1];
    for (int i = 0; i < points; ++i)
        first[i + 1] += first[i];
    out.resize(first[points]);
    for (auto &row : rows) {
        for (const Seen &seen : row)
            out[first[seen.point]++] = seen;
        std::vector<Seen>().swap(row);
    }
}

} // namespace core
