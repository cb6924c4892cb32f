"""Files under the output folder: safe names, atomic writes, one clear error when a disk refuses."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from tp53annot.errors import InputError, OutputError, StorageError
from tp53annot.system import signals

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?\Z", re.IGNORECASE)
_RESERVED = frozenset(
    {
        "multiqc",
        "run.json",
        "cohort.json",
        "cohort.tsv",
        "cohort.html",
        "cohort.maf",
        "cohort.xlsx",
        "versions.yml",
    }
)

_PREFIX = ".tp53annot-"
_INDEXES = (".tbi", ".csi")
_DESCRIPTORS = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd/")  # open already, perhaps to a file

_FULL_BYTES = 1 << 20  # less than this left is a full disk
_CONCERNS_ALL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG})
_CAUSES = {
    errno.ENOSPC: ("the disk is full", "free some space or choose another output folder"),
    errno.EDQUOT: ("the disk quota is used up", "free some space or choose another output folder"),
    errno.EFBIG: ("the file would be larger than allowed", "raise the limit (ulimit -f)"),
    errno.EACCES: ("no permission to write here", "choose a folder you may write to with -o"),
    errno.EROFS: ("the file system is read-only", "choose another output folder with -o"),
    errno.ENOTDIR: ("a file stands where a folder is needed", "choose another output folder with -o"),
    errno.EISDIR: ("a folder stands where a file is needed", "move it away or choose another -o"),
}


def safe_name(sample: str) -> str:
    """A file name for a sample; plain names stay, all others get a digest so that none is shared.

    >>> safe_name("S1")
    'S1'
    >>> safe_name("../../x<script>")
    'x_script~f5ce7518ad'
    """
    if _PLAIN.match(sample) and not _DEVICE.match(sample) and sample.lower() not in _RESERVED:
        return sample
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", sample).strip("._-")[:60] or "sample"
    return f"{stem}~{hashlib.sha256(sample.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"


def output_error(path: Path, error: OSError) -> OutputError:
    """The one-line error for a write that failed."""
    code = error.errno or (errno.ENOSPC if _full(path.parent) else 0)  # htslib names no cause
    cause, fix = _CAUSES.get(code, (error.strerror or str(error), "check the output folder"))
    kind = StorageError if code in _CONCERNS_ALL else OutputError
    return kind(f"cannot write: {cause}", path=str(path), fix=fix)


def _full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _FULL_BYTES
    except OSError:
        return False


@contextlib.contextmanager
def scratch(folder: Path, ending: str) -> Iterator[Path]:
    """A new empty file, removed with what is written beside it when the block or the process ends.

    Raises:
        OSError: the folder cannot be written.
    """
    path = folder / f"{_PREFIX}{os.getpid()}-{os.urandom(6).hex()}{ending}"
    signals.unfinished.add(str(path))  # before it exists: a signal may come at any moment
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield path
    finally:
        signals.discard(str(path))


@contextlib.contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """A new empty folder in ``folder``, removed with the files in it when the block or the process ends.

    Raises:
        OSError: the folder cannot be written.
    """
    path = folder / f"{_PREFIX}{os.getpid()}-{os.urandom(6).hex()}"
    signals.unfinished.add(str(path))
    try:
        path.mkdir(mode=0o700)
        yield path
    finally:
        signals.discard(str(path))


@contextlib.contextmanager
def spooled(pieces: Iterable[bytes], ending: str) -> Iterator[Path]:
    """A copy of a stream on disk (in the system's temporary folder) while the block lasts.

    Raises:
        OutputError: it cannot be written.
    """
    folder = Path(tempfile.gettempdir())
    with contextlib.ExitStack() as stack:
        try:
            path = stack.enter_context(scratch(folder, ending))
            with path.open("wb") as copy:
                copy.writelines(pieces)
        except OSError as error:
            raise output_error(folder, error) from error
        yield path


def is_stream(path: Path) -> bool:
    """Whether a path is a device or a pipe, standard output included: written to, never replaced."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    if stat.S_ISDIR(mode):
        return False
    return not stat.S_ISREG(mode) or str(path).startswith(_DESCRIPTORS)


def refuse_overwrite(path: Path, *, force: bool) -> None:
    """Refuse to write over a file.

    Raises:
        OutputError: it is there, and ``force`` is not given.
    """
    if not force and not is_stream(path) and path.exists():
        raise OutputError("the file is already there", path=str(path), fix="use --force to overwrite it")


@contextlib.contextmanager
def _streamed(path: Path) -> Iterator[Path]:
    """A temporary name whose content goes to a device or a pipe when the block ends well."""
    with scratch(Path(tempfile.gettempdir()), path.name[-40:]) as temporary:
        yield temporary
        with temporary.open("rb") as source, path.open("ab") as target:
            shutil.copyfileobj(source, target)


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary name beside ``path`` that becomes ``path`` when the block ends well.

    An index written beside the temporary name follows it; one left of an earlier file goes.
    A device or a pipe stays what it is and gets the content.

    Raises:
        OutputError: the file cannot be written; nothing half-written is left.
    """
    try:
        if is_stream(path):
            with _streamed(path) as temporary:
                yield temporary
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with scratch(path.parent, path.name[-40:]) as temporary:
            yield temporary
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
            for ending in _INDEXES:
                index = Path(f"{temporary}{ending}")
                if index.exists():
                    index.replace(f"{path}{ending}")
                elif path.suffix in (".gz", ".bgz", ".bcf"):
                    Path(f"{path}{ending}").unlink(missing_ok=True)
    except OSError as error:
        raise output_error(path, error) from error


def write_together(files: Mapping[Path, Callable[[Path], object]]) -> None:
    """Write files that belong together: each by its function, under a temporary name.

    They get their names when every one is written, the first of them last; else none does. A signal waits
    while they get them.
    """
    with contextlib.ExitStack() as finished:  # leaves in reverse
        for path, write in files.items():
            write(finished.enter_context(atomic_path(path)))
        named = finished.pop_all()
        with signals.held():
            named.close()


def write_bytes(path: Path, data: bytes) -> None:
    """Write a whole file atomically."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Write a whole UTF-8 file atomically, with ``\\n`` line ends on every system."""
    write_bytes(path, text.encode("utf-8", "surrogateescape"))


def sweep(folder: Path) -> None:
    """Remove what killed runs left half-written in a folder; files of running processes stay."""
    for path in folder.glob(f"{_PREFIX}*"):
        owner = path.name.removeprefix(_PREFIX).split("-")[0]
        if owner.isdigit() and not _alive(int(owner)):
            signals.discard(str(path))


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:  # a killed worker stays as a zombie where nothing collects it, as in many containers
        state = Path(f"/proc/{process}/stat").read_bytes()
    except OSError:
        return True
    return not state.rpartition(b")")[2].strip().startswith(b"Z")


def ensure_inside(path: Path, folder: Path) -> None:
    """Refuse an output that would leave ``folder`` through a symbolic link.

    Raises:
        OutputError: ``path`` resolves to somewhere else.
    """
    if not path.resolve().is_relative_to(folder.resolve()):
        raise OutputError(
            "refused: a symbolic link leads out of the output folder",
            path=str(path),
            fix="remove the link or choose another output folder",
        )


def read_limited(path: Path, most_bytes: int) -> bytes:
    """All bytes of an input (a pipe, too) that is held in memory.

    Raises:
        InputError: it cannot be read, or there is more of it than such a file can have.
    """
    try:
        with path.open("rb") as handle:
            data = handle.read(most_bytes + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(
            f"cannot be read: {cause}", path=str(path), fix="check path and permissions"
        ) from error
    return within(data, path, most_bytes)


def within(data: bytes, path: Path, most_bytes: int) -> bytes:
    """The data, if there is not more of it than allowed.

    Raises:
        InputError: there is.
    """
    if len(data) > most_bytes:
        raise InputError(
            f"holds more than {most_bytes >> 20} MiB", path=str(path), fix="check that it is the right file"
        )
    return data


def sha256_file(path: Path) -> str:
    """Checksum of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def check_folder(folder: Path) -> None:
    """Make the output folder and prove that it can be written.

    Raises:
        OutputError: it cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise output_error(folder, error) from error
