"""`entente import`: read event data, state data and scores of other data sets."""

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from entente.bootstrap.baseline import BASELINE
from entente.bootstrap.container import Container
from entente.bootstrap.formats import load_formats, load_mapping
from entente.cli.common import json_option, open_container, progress
from entente.cli.files.encodings import encoding_of
from entente.cli.files.packed import unpacked
from entente.cli.files.places import Place, exists, places
from entente.cli.stopping import stopping
from entente.cli.terminal import printable
from entente.services.importing.errors import WrongFile
from entente.services.importing.formats import Format, recognised
from entente.services.importing.importer import ImportReport
from entente.services.importing.rows import START
from entente.services.importing.state_sets import StateReport
from entente.services.ports.imports import ImportedFile

#: Bytes read at a time for a digest.
_BLOCK = 1 << 20

#: Name under which a file with a mapping of its own is imported.
MAPPED = "csv"


class Formats(click.Group):
    """A group with a subcommand for each format."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return [*load_formats(), *self.commands]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        own = super().get_command(ctx, name)
        if own is None and (form := load_formats().get(name)):
            return _command(form)
        return own


@click.group(cls=Formats)
def import_() -> None:
    """Import data sets: events and scores beside ours, and states that move facets.

    A file is known by its content: it is taken once, and an interrupted import goes on where it stopped. docs/import.md
    says what each format gives.
    """


def _existing(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    for place in given:
        if not exists(place):
            raise click.BadParameter(f"{place!r} is not a file, directory, glob pattern that matches, or -")
    return given


_FILES = click.argument("given", nargs=-1, required=True, metavar="FILE|DIR|GLOB|-...", callback=_existing)
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Read and report, but store nothing.")


def _encoding(_context: click.Context, _parameter: click.Parameter, given: str | None) -> str | None:
    try:
        "".encode(given or "utf-8")
    except LookupError:
        raise click.BadParameter(f"{given!r} is no character encoding") from None
    return given


_ENCODING = click.option(
    "--encoding", callback=_encoding, help="Character encoding of every file, instead of guessing it."
)


def _command(form: Format) -> click.Command:
    @click.command(form.name, help=f"Import {form.title} ({form.kind}).", short_help=f"{form.title} ({form.kind})")
    @_FILES
    @_DRY_RUN
    @_ENCODING
    @json_option
    def command(given: tuple[str, ...], dry_run: bool, encoding: str | None, as_json: bool) -> None:
        _import(form, given, dry_run, encoding, as_json)

    return command


@import_.command(MAPPED)
@_FILES
@click.option("--map", "mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@_DRY_RUN
@_ENCODING
@json_option
def mapped(given: tuple[str, ...], mapping: Path, dry_run: bool, encoding: str | None, as_json: bool) -> None:
    """Import any CSV by a mapping file, as `entente import map FILE` proposes one. Its name is the data set's."""
    form = load_mapping(mapping)
    if form.name in (*load_formats(), BASELINE):
        raise click.BadParameter(f"{form.name!r} is the name of a format that is known: rename it", param_hint="--map")
    _import(form, given, dry_run, encoding, as_json)


@import_.command("map")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@_ENCODING
def map_(file: str, encoding: str | None) -> None:
    """Propose a mapping file for a table of events between countries, on standard output."""
    container = open_container(migrate=False)
    (place,) = places([file])
    with opened(place, encoding) as (_digest, _size, text):
        start = text.read(START)
    known = recognised(start, load_formats().values())
    if known:
        click.echo(printable(f"This looks like {known.title}: entente import {known.name} {file}"), err=True)
    click.echo(container.imports.propose(Path(file).name, start), nl=False)


@import_.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the imported files of events and scores, and what came of their rows."""
    for file in open_container().import_reads.files():
        if as_json:
            click.echo(json.dumps(_counts(file), ensure_ascii=False))
        else:
            state = "" if file.finished_at else ", interrupted: the same command goes on"
            click.echo(
                printable(f"{file.origin:<16} {file.name}: {file.n_rows:,} rows, {file.n_stored:,} stored{state}")
            )


@import_.command()
@click.argument("origin", metavar="FORMAT")
def remove(origin: str) -> None:
    """Remove all that was imported of a data set, by the name of its format or mapping."""
    container = open_container()
    if origin == BASELINE:
        raise click.BadParameter("the baseline is switched off by ENTENTE_BASELINE=off", param_hint="FORMAT")
    facts, files = container.state_imports.remove(origin), container.imports.remove(origin)
    if not facts and not files:
        raise click.ClickException(f"nothing of {origin!r} is here")
    click.echo(printable(f"{origin}: {files:,} files and {facts:,} state facts removed"))


def _import(form: Format, given: tuple[str, ...], dry_run: bool, encoding: str | None, as_json: bool) -> None:
    container = open_container()
    if form.kind == "states":
        _import_states(container, form, places(given), dry_run, encoding, as_json)
        return
    failed: list[str] = []
    with stopping() as stopped:
        for place in places(given):
            try:
                _tell(_one(container, form, place, dry_run, encoding, stopped), dry_run, as_json)
            except (WrongFile, OSError) as error:
                failed.append(str(error))
                click.echo(printable(f"refused: {error}"), err=True)
            if stopped():
                raise click.ClickException("stopped; the same command goes on where it stopped")
    if failed:
        raise click.ClickException(failed[0] if len(failed) == 1 else f"{len(failed)} files refused")


def _import_states(
    container: Container, form: Format, given: Sequence[Place], dry_run: bool, encoding: str | None, as_json: bool
) -> None:
    """Files of states are one data set: all of them are read before any of it is loaded."""
    imports = container.state_imports
    reader = imports.reader(form)
    digests = []
    for place in given:
        with opened(place, encoding) as (digest, _size, _text):
            digests.append(digest)
    if imports.is_known(form, digests):
        _tell_states(form, imports.known(form), dry_run, as_json)
        return
    for place in given:
        with opened(place, encoding) as (_digest, _size, text):
            imports.read(reader, form, place.name, text)
    _tell_states(form, imports.load(form, reader, digests, dry_run), dry_run, as_json)


def _tell_states(form: Format, report: StateReport, dry_run: bool, as_json: bool) -> None:
    loaded = report.loaded
    if as_json:
        counts = {"rows": report.n_rows, "facts": report.n_facts, "refused": dict(report.refused)}
        moved = {"came": loaded.came, "went": loaded.went, "dyads": loaded.dyads} if loaded else {}
        told = {"format": form.name, **counts, **moved, "known": report.was_known, "dry_run": dry_run}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    if report.was_known:
        click.echo(printable(f"{form.title}: known already, {report.n_facts:,} state facts"))
        return
    click.echo(printable(f"{form.title}: {report.n_rows:,} rows, {report.n_facts:,} state facts"))
    if loaded:
        click.echo(f"  {loaded.came:,} came, {loaded.went:,} went, {loaded.dyads:,} pairs derived again")
    _tell_refused(report.refused, report.examples)


def _tell_refused(refused: Mapping[str, int], examples: Mapping[str, Sequence[str]]) -> None:
    for reason, count in sorted(refused.items(), key=lambda found: (-found[1], found[0])):
        some = examples.get(reason, ())
        shown = f": {'; '.join(some)}" + ("; …" if count > len(some) else "") if some else ""
        click.echo(printable(f"  refused, {reason} ({count:,}){shown}"))


def _one(
    container: Container, form: Format, place: Place, dry_run: bool, encoding: str | None, stopped: Callable[[], bool]
) -> ImportReport:
    with opened(place, encoding) as (digest, size, text), progress(place.name) as move:

        def progressed(_rows: int) -> bool:
            move(_read_of(text), size)
            return not stopped()

        return container.imports.run(form, place.name, digest, text, dry_run, progressed)


def _read_of(text: io.TextIOWrapper) -> int:
    """Bytes read so far. (A text can't tell while it is iterated.)"""
    buffer: Any = text.buffer
    return int(buffer.tell())


@contextmanager
def opened(place: Place, encoding: str | None) -> Iterator[tuple[str, int, io.TextIOWrapper]]:
    """Digest, size and text of a file, of an archive's only member or of what is compressed."""
    with place.open() as raw, unpacked(place.name, raw) as file:
        found = hashlib.blake2b(digest_size=16)
        size = 0
        while block := file.read(_BLOCK):
            found.update(block)
            size += len(block)
        file.seek(0)
        named = encoding or encoding_of(file) or "utf-8"
        # Rows with bytes that are none of the encoding are taken: names are not.
        with io.TextIOWrapper(file, named, errors="replace", newline="") as text:
            yield found.hexdigest(), size, text


def _counts(file: ImportedFile) -> dict[str, Any]:
    counts = {"rows": file.n_rows, "stored": file.n_stored, "merged": file.n_merged, "refused": dict(file.refused)}
    return {"file": file.name, "format": file.origin, **counts, "finished": file.finished_at is not None}


def _tell(report: ImportReport, dry_run: bool, as_json: bool) -> None:
    file = report.file
    if as_json:
        told = {**_counts(file), "known": report.was_known, "dry_run": dry_run}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    if report.was_known:
        click.echo(printable(f"{file.name}: known already, {file.n_stored:,} stored"))
        return
    stored = "would be stored" if dry_run else "stored"
    refused = sum(file.refused.values())
    counts = f"{file.n_stored:,} {stored}, {file.n_merged:,} merged as further reports, {refused:,} refused"
    resumed = f" (went on at row {report.resumed_at + 1:,})" if report.resumed_at else ""
    click.echo(printable(f"{file.name}: {file.n_rows:,} rows, {counts}{resumed}"))
    _tell_refused(file.refused, report.examples)
