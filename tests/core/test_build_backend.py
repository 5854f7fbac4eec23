"""The build backend asks for a compiler exactly where there is none."""

import importlib.util
import os
import stat
import sys
from pathlib import Path

import pytest

BACKEND = Path(__file__).parents[2] / "tools" / "build_backend" / "cosmodrome_build.py"


@pytest.fixture
def backend():
    pytest.importorskip("scikit_build_core")
    if not BACKEND.is_file():
        pytest.skip("the build backend is not beside these tests")
    spec = importlib.util.spec_from_file_location("cosmodrome_build", BACKEND)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_bare_machine_asks_for_zig(backend, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    assert backend.working_compiler() is None
    for ask in (backend.get_requires_for_build_wheel, backend.get_requires_for_build_editable):
        requires = ask({})
        assert any(r.startswith("ziglang") for r in requires)
        assert any(r.startswith("cmake") for r in requires)
        assert any(r.startswith("ninja") for r in requires)


def test_a_compiler_that_does_not_work_is_passed_over(backend, monkeypatch, tmp_path):
    broken = tmp_path / "c++"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CXX", str(broken))
    assert backend.working_compiler() is None


def test_toolchain_is_set_for_the_build_and_taken_back(backend, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setenv("CMAKE_ARGS", "-DX=1")
    with backend._toolchain():
        script = Path(os.environ["CXX"])
        text = script.read_text()
        assert sys.executable in text
        assert "ziglang c++" in text
        assert os.environ["CMAKE_ARGS"].startswith("-DX=1 -DCMAKE_AR=")
    assert "CXX" not in os.environ
    assert os.environ["CMAKE_ARGS"] == "-DX=1"
    assert not script.exists()


def test_where_there_is_a_compiler_nothing_is_added(backend):
    if backend.working_compiler() is None:
        pytest.skip("this machine has no compiler")
    assert not any(r.startswith("ziglang") for r in backend.get_requires_for_build_wheel({}))
