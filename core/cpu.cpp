#include "cpu.hpp"

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>

#ifdef CORE_X86
#include <cpuid.h>
#endif

namespace core {
namespace {

#ifdef CORE_X86
struct Cpu {
    bool avx2 = false, avx512 = false;

    // Asked directly: __builtin_cpu_supports needs a runtime that not every toolchain brings.
    Cpu() {
        unsigned a, b, c, d;
        if (!__get_cpuid(1, &a, &b, &c, &d))
            return;
        const bool fma = c & (1u << 12), osxsave = c & (1u << 27), avx = c & (1u << 28);
        if (!osxsave || !avx)
            return;
        uint32_t lo, hi;
        __asm__ volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
        if (!__get_cpuid_count(7, 0, &a, &b, &c, &d))
            return;
        const bool ymm = (lo & 0x06) == 0x06, zmm = (lo & 0xe6) == 0xe6;
        avx2 = ymm && fma && (b & (1u << 5));
        const unsigned wanted = (1u << 16) | (1u << 17) | (1u << 30) | (1u << 31); // F DQ BW VL
        avx512 = avx2 && zmm && (b & wanted) == wanted;
    }
};
#endif

const Kernels *find(const std::string &level) {
    if (level == "baseline")
        return baseline::table();
#ifdef CORE_X86
    static const Cpu cpu;
    if (level == "avx2" && cpu.avx2)
        return avx2::table();
    if (level == "avx512" && cpu.avx512)
        return avx512::table();
#endif
    return nullptr;
}

const Kernels &choose() {
    if (const char *forced = std::getenv("COSMODROME_SIMD"); forced && *forced)
        return kernels_of(forced);
    for (const char *level : {"avx512", "avx2"})
        if (const Kernels *k = find(level))
            return *k;
    return *baseline::table();
}

} // namespace

const Kernels &kernels_of(const char *level) {
    if (const Kernels *k = find(level))
        return *k;
    throw std::runtime_error("COSMODROME_SIMD=" + std::string(level) +
                             ": this machine has no such level; write baseline, avx2 or avx512,"
                             " or leave it unset for the best one");
}

const Kernels &kernels() {
    static const Kernels &chosen = choose();
    return chosen;
}

} // namespace core
