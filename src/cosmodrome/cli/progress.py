"""The command line's Watch: a line on the terminal, a line in events.ndjson, and a way to stop."""

from __future__ import annotations

import datetime as dt
import json
import signal
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from cosmodrome.watch import stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType, TracebackType
    from typing import Self

    from rich.progress import Progress, TaskID

    from cosmodrome.cli.voice import Voice

__all__ = ["RunWatch", "stoppable"]

_TELL_EVERY_S = 0.1


class RunWatch:
    """Writes what a run does to `path`, one JSON object a line, and shows it on the terminal.

    Without a path it is shown alone.

    A line is {n, utc, elapsed_s, kind, stage, fraction, text}: n counts from 1 and is the line's
    number; kind is begin | tell | end | note, and the last line is done | stopped. `utc` and
    `elapsed_s` are the only things here that differ between two equal runs.
    """

    def __init__(self, path: Path | None, voice: Voice) -> None:
        self._path = path
        self._voice = voice
        self._file: IO[str] | None = None
        self._lines = 0
        self._stop = False
        self._started = time.perf_counter()
        self._begun: dict[str, float] = {}
        self._told: dict[str, float] = {}
        self._depth: dict[str, int] = {}
        self._result: dict[str, str] = {}
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._plain = True

    def __enter__(self) -> Self:
        if self._path is not None:
            self._file = self._path.open("w", encoding="utf-8")
        if not self._voice.quiet:
            self._open_terminal()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
        if error is not None:
            self._write("stopped", text=f"{type(error).__name__}: {error}")
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open_terminal(self) -> None:
        console = self._voice.aside()
        self._plain = not console.is_terminal
        if self._plain:
            return
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._progress.start()

    def _write(
        self, kind: str, stage: str = "", fraction: float | None = None, text: str = "", **more: Any
    ) -> None:
        if self._file is None:
            return
        self._lines += 1
        line = {
            "n": self._lines,
            "utc": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
            "elapsed_s": round(time.perf_counter() - self._started, 3),
            "kind": kind,
            "stage": stage,
            "fraction": fraction,
            "text": text,
            **more,
        }
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()

    # ------------------------------------------------------------------------------ Watch
    def begin(self, stage: str, text: str) -> None:
        stop_if_cancelled(self)
        self._write("begin", stage, text=text)
        self._depth[stage] = self._depth.get(stage, 0) + 1
        if self._depth[stage] > 1:  # a chapter's own beginning inside the story's
            return
        self._begun[stage] = time.perf_counter()
        if self._progress is not None:
            self._tasks[stage] = self._progress.add_task(text, total=None)

    def tell(self, stage: str, fraction: float | None, text: str) -> None:
        stop_if_cancelled(self)
        now = time.perf_counter()
        if now - self._told.get(stage, -1.0) < _TELL_EVERY_S:
            return
        self._told[stage] = now
        self._write("tell", stage, fraction, text)
        if self._progress is not None and stage in self._tasks:
            total = None if fraction is None else 1.0
            self._progress.update(
                self._tasks[stage], description=text, total=total, completed=fraction or 0.0
            )

    def end(self, stage: str, text: str) -> None:
        self._write("end", stage, 1.0, text)
        self._depth[stage] = self._depth.get(stage, 1) - 1
        if self._depth[stage] > 0:
            self._result[stage] = text
            return
        # what the chapter itself said it found is more than that it is over
        text = self._result.pop(stage, text)
        took = time.perf_counter() - self._begun.pop(stage, self._started)
        if self._progress is not None and stage in self._tasks:
            self._progress.remove_task(self._tasks.pop(stage))
            self._progress.console.print(f"[green]✓[/] {text}  [dim]{took:.1f} s[/]")
        elif self._plain and not self._voice.quiet:
            self._voice.note(f"{text}  {took:.1f} s")

    def cancelled(self) -> bool:
        return self._stop

    # ------------------------------------------------------------------------ beyond Watch
    def done(self, text: str, **more: Any) -> None:
        """The last line of a run that came to its end."""
        self._write("done", text=text, **more)

    def stop(self) -> None:
        """Ask the run to stop at its next safe point."""
        self._stop = True


@contextmanager
def stoppable(watch: RunWatch, voice: Voice) -> Iterator[None]:
    """Ctrl-C asks the run to stop at a safe point; a second one stops it where it is."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        del number, frame
        if watch.cancelled():
            raise KeyboardInterrupt
        watch.stop()
        voice.complain("stopping at the next safe point; Ctrl-C again stops at once")

    before = {s: signal.signal(s, on_signal) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
