"""The build backend: scikit-build-core, and a compiler from a package where there is none.

Where a working C++20 compiler is on the machine this module only passes every call on to
`scikit_build_core.build`. Where there is none, it asks for the `ziglang` package, which carries
Clang and libc++, and builds through small wrapper scripts around it.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from scikit_build_core import build as _backend

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ZIG = "ziglang>=0.13"
# a few features of C++20 and the vector types the kernels are written in
_TRIAL = """
#include <concepts>
#include <span>
#include <vector>
typedef double pair_t __attribute__((vector_size(16)));
template <std::floating_point T> T twice(T x) { return x + x; }
int main() {
    std::vector<double> v{1.0, 2.0};
    std::span<double> s(v);
    pair_t p = {s[0], s[1]};
    p = p * 2.0;
    return twice(p[0]) + p[1] == 8.0 ? 0 : 1;
}
"""


@functools.cache
def working_compiler() -> str | None:
    """The first of $CXX, c++, g++, clang++ that builds and runs a small C++20 program."""
    wanted = os.environ.get("CXX")
    for name in (wanted, "c++", "g++", "clang++"):
        found = shutil.which(name) if name else None
        if found is None:
            continue
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "trial.cpp")
            program = Path(folder, "trial.exe")
            source.write_text(_TRIAL, encoding="utf-8")
            try:
                built = subprocess.run(
                    [found, "-std=c++20", str(source), "-o", str(program)],
                    capture_output=True,
                    timeout=120,
                    check=False,
                )
                if built.returncode != 0:
                    continue
                ran = subprocess.run([str(program)], capture_output=True, timeout=60, check=False)
            except (OSError, subprocess.TimeoutExpired):
                continue
            if ran.returncode == 0:
                return found
    return None


def _wrapper(folder: Path, name: str, arguments: str) -> str:
    """A script that runs one of zig's tools; CMake wants a single file for each."""
    if os.name == "nt":
        path = folder / f"{name}.cmd"
        path.write_text(f'@"{sys.executable}" -m ziglang {arguments} %*\r\n', encoding="utf-8")
        return str(path)
    path = folder / name
    path.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m ziglang {arguments} "$@"\n', encoding="utf-8"
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@contextlib.contextmanager
def _toolchain() -> Iterator[None]:
    """Point the build at a C++ compiler that works, for the time of the build."""
    if working_compiler() is not None:
        yield
        return
    saved: Mapping[str, str | None] = {k: os.environ.get(k) for k in ("CC", "CXX", "CMAKE_ARGS")}
    with tempfile.TemporaryDirectory(prefix="cosmodrome-zig-") as name:
        folder = Path(name)
        # zig aims at the machine it runs on; the wheel must run on its siblings too
        os.environ["CC"] = _wrapper(folder, "cc", "cc -mcpu=baseline")
        os.environ["CXX"] = _wrapper(folder, "cxx", "c++ -mcpu=baseline")
        tools = {
            "CMAKE_AR": _wrapper(folder, "ar", "ar"),
            "CMAKE_RANLIB": _wrapper(folder, "ranlib", "ranlib"),
            "COSMODROME_ZIG": "ON",
        }
        given = os.environ.get("CMAKE_ARGS", "")
        os.environ["CMAKE_ARGS"] = " ".join(
            [given, *(f"-D{key}={value}" for key, value in tools.items())]
        ).strip()
        try:
            yield
        finally:
            for key, value in saved.items():
                if value is None:
                    os.environ.pop(key, None)
                else:
                    os.environ[key] = value


def _with_compiler(requires: list[str]) -> list[str]:
    return requires if working_compiler() is not None else [*requires, ZIG]


def get_requires_for_build_wheel(config_settings=None):  # noqa: ANN001, ANN201, D103
    return _with_compiler(_backend.get_requires_for_build_wheel(config_settings))


def get_requires_for_build_editable(config_settings=None):  # noqa: ANN001, ANN201, D103
    return _with_compiler(_backend.get_requires_for_build_editable(config_settings))


def get_requires_for_build_sdist(config_settings=None):  # noqa: ANN001, ANN201, D103
    return _backend.get_requires_for_build_sdist(config_settings)


def build_sdist(sdist_directory, config_settings=None):  # noqa: ANN001, ANN201, D103
    return _backend.build_sdist(sdist_directory, config_settings)


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):  # noqa: ANN001, ANN201, D103
    with _toolchain():
        return _backend.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):  # noqa: ANN001, ANN201, D103
    with _toolchain():
        return _backend.build_editable(wheel_directory, config_settings, metadata_directory)


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):  # noqa: ANN001, ANN201, D103
    return _backend.prepare_metadata_for_build_wheel(metadata_directory, config_settings)


def prepare_metadata_for_build_editable(metadata_directory, config_settings=None):  # noqa: ANN001, ANN201, D103
    return _backend.prepare_metadata_for_build_editable(metadata_directory, config_settings)
