"""``--pseudonymise``: the names of a run's samples, patients and files replaced in everything that is written.

A sample and a patient get their pseudonym before anything is said of them. What the input brings along in words (file
names, remarks, INFO fields, header lines) is searched for the names that the run knows.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import cast

from msgspec.structs import replace

from tp53annot.core.candidate import Flag
from tp53annot.core.fields import Json, Scalar
from tp53annot.core.report import InputFile
from tp53annot.knowledge.resources import Resources
from tp53annot.report.model.json_form import from_json, to_json
from tp53annot.report.model.report import Report
from tp53annot.run.jobs import STANDARD_INPUT, Job, Plan
from tp53annot.run.observations import Material, VcfCopy
from tp53annot.run.settings import RunSettings
from tp53annot.system.pseudonyms import Pseudonyms, pseudonyms_of, split_endings
from tp53annot.vcf.header import Header

_Document = Mapping[str, Json]
_SAMPLE_SETTINGS = ("sample", "normal")
_FILE_SETTINGS = ("bam", "cnv", "target", "callable_bed", "reference")
_FEWEST_DIGITS = 5  # of a name that is a number: shorter ones are counts and fractions, too
_ANYWHERE = 5  # letters of a name that is looked for inside words, too
_BASES = re.compile(r"[ACGTNacgtn\d]*\Z")
_KEPT_LINES = re.compile(r"##(fileformat=|(FILTER|INFO|FORMAT|ALT|contig)=<)")
_SAMPLE_KEY = re.compile(r"(?i)(\A|;)([a-z_]*sample[a-z_]*|sm)=([^;]*)")
_QUOTING = {"copy_number": ("basis",), "platform": ("source", "note"), "coverage": ("source",)}
_FLAGS = (
    *("allelic_state_basis", "allelic_hypotheses", "germline_reasons", "clonal_haematopoiesis_reasons"),
    *("status_basis", "plausibility", "warnings", "limitations"),
)


class HiddenNames:
    """The names that a run knows, and what stands in their place.

    Args:
        pseudonyms: under the user's key.
        samples: names of samples and of columns.
        files: paths as the user gave them.
        own_words: words of our own sentences, which no name replaces there.
    """

    def __init__(
        self,
        pseudonyms: Pseudonyms,
        samples: Iterable[str],
        files: Iterable[Path],
        own_words: frozenset[str] = frozenset(),
    ) -> None:
        self.of = pseudonyms
        self._spared: frozenset[str] = frozenset()
        self._names: dict[str, str] = {}
        for path in files:
            self._add_file(path)
        self._names |= {name: pseudonyms.sample(name) for name in samples}
        sought = sorted((n for n in self._names if _tells(n) and n not in own_words), key=len, reverse=True)
        self._sought = re.compile("|".join(map(_sought, sought))) if sought else None

    def _add_file(self, path: Path) -> None:
        if str(path) == STANDARD_INPUT:
            return
        stem, _ = split_endings(path.name)
        folders = {str(path.parent), str(path.parent.absolute())} - {".", "/"}
        self._names |= {folder: self.of.file(folder) for folder in folders}
        hidden = self.of.file(path.name)
        self._names |= {stem: self.of.file(stem), path.name: hidden}
        self._names |= {str(path): hidden, str(path.absolute()): hidden}

    def text(self, text: str) -> str:
        """A text without the names."""
        if self._sought is None:
            return text
        return self._sought.sub(self._hidden, text)

    def _hidden(self, found: re.Match[str]) -> str:
        return found[0] if found[0] in self._spared else self._names[found[0]]

    def file(self, name: str) -> str:
        """In place of a file's name or path."""
        return name if name in (STANDARD_INPUT, "standard input") else self.of.file(Path(name).name)

    def info(self, text: str) -> str:
        """An INFO field, or another part of a record, without the names; a value that is a sample's name goes anyhow."""
        return self.text(_SAMPLE_KEY.sub(self._sample_value, text))

    def _sample_value(self, found: re.Match[str]) -> str:
        return f"{found[1]}{found[2]}={self.of.sample(found[3])}"

    def settings(self, shown: Mapping[str, Scalar]) -> dict[str, Scalar]:
        """Settings as a report prints them, without the names."""
        found = dict(shown)
        for name in _SAMPLE_SETTINGS:
            if isinstance(value := found.get(name), str):
                found[name] = self.of.sample(value)
        for name in _FILE_SETTINGS:
            if isinstance(value := found.get(name), str):
                found[name] = ", ".join(map(self.file, value.split(", ")))
        return found

    def inputs(self, inputs: Sequence[InputFile]) -> tuple[InputFile, ...]:
        """The files of a report, their names replaced."""
        return tuple(replace(i, name=self.file(i.name)) for i in inputs)

    def material(self, material: Material, naming: Collection[str]) -> Material:
        """What is known of a sample, under its pseudonym; ``naming``: ids of remarks that say its name."""
        name = material.sample
        place = re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])")

        def remark(flag: Flag) -> Flag:
            text = place.sub(self.of.sample(name), flag.text) if flag.id in naming else flag.text
            return replace(flag, text=self.text(text))

        return replace(
            material,
            sample=self.of.sample(name),
            remarks=tuple(map(remark, material.remarks)),
            records=self._records(material.records, name),
        )

    def _records(self, records: VcfCopy, name: str) -> VcfCopy:
        """The records for the annotated copy: header lines that define fields and contigs, one renamed column."""
        lines = [self.text(line) for line in records.header.lines if _KEPT_LINES.match(line)]
        columns = list(records.header.columns)
        for i in range(9, len(columns)):
            columns[i] = self.of.sample(name if i - 9 == records.column else columns[i])
        return replace(
            records, header=Header.of(lines, columns), rows=tuple(self._row(row) for row in records.rows)
        )

    def _row(self, row: bytes) -> bytes:
        cells = row.decode("utf-8", "surrogateescape").split("\t")
        for i in (2, 7):  # ID and INFO
            if i < len(cells):
                cells[i] = self.info(cells[i])
        return "\t".join(cells).encode("utf-8", "surrogateescape")

    def report(self, report: Report) -> Report:
        """The report of a sample that has its pseudonym already, without names in what it quotes."""
        named = (
            n for v in (*report.variants, *report.rejected) for n in (v.hgvs_p_short, v.hgvs_c, v.hgvs_p)
        )
        self._spared = frozenset(named)  # a sample may be called like its change
        document = dict(cast(_Document, to_json(report)))
        document["assembly_basis"] = self.text(report.assembly_basis)
        document["assessment"] = self._assessment(cast(_Document, document["assessment"]))
        for key in ("variants", "rejected"):
            found = cast("Sequence[_Document]", document[key])
            document[key] = [self._variant(v) for v in found]
        document["uninterpreted"] = [
            {**u, "input": self._stated(cast(_Document, u["input"])), "reason": self.text(str(u["reason"]))}
            for u in cast("Sequence[_Document]", document["uninterpreted"])
        ]
        for key, parts in _QUOTING.items():
            if isinstance(section := document[key], Mapping):
                document[key] = {**section, **{part: self._quoted(section[part]) for part in parts}}
        hidden = from_json(Report, document)
        provenance = replace(
            report.provenance,
            settings=self.settings(report.provenance.settings),
            inputs=self.inputs(report.provenance.inputs),
        )
        return replace(hidden, provenance=provenance)

    def _assessment(self, assessment: _Document) -> _Document:
        found = dict(assessment)
        for key in ("summary", "tp53_mutated_all_reason"):
            found[key] = self._quoted(found[key])
        for key in _FLAGS:
            flags = cast("Sequence[_Document] | None", found[key])
            found[key] = flags and [
                {**f, **{k: self._quoted(f[k]) for k in ("text", "reason") if k in f}} for f in flags
            ]
        return found

    def _variant(self, variant: _Document) -> _Document:
        found = {**variant, "input": self._record(cast(_Document, variant["input"]))}
        found["vaf_source"] = self._quoted(found["vaf_source"])
        for key in ("caller_support", "normal"):
            if isinstance(support := found[key], Mapping):
                found[key] = {**support, "vaf_source": self._quoted(support["vaf_source"])}
        for key in ("remarks", "filters_failed"):
            flags = cast("Sequence[_Document]", found[key])
            found[key] = [{**f, "text": self._quoted(f["text"])} for f in flags]
        return found

    def _record(self, record: _Document) -> dict[str, Json]:
        found = dict(record)
        for key in ("id", "info", "sample"):
            if isinstance(value := found[key], str):
                found[key] = self.info(value)
        return found | {"file": self.file(str(found["file"]))}

    def _stated(self, record: _Document) -> dict[str, Json]:
        """A record that was not understood: its change may be any words."""
        return self._record(record) | {"alt": self.text(str(record["alt"]))}

    def _quoted(self, value: Json) -> Json:
        """A value with the names replaced in every text of it."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self._quoted(item) for key, item in value.items()}
        return [self._quoted(item) for item in value] if isinstance(value, Sequence) else value


def _tells(name: str) -> bool:
    """Whether a name in a sentence is one: no single letter, no small number."""
    return len(name) > 1 and not (name.isdigit() and len(name) < _FEWEST_DIGITS)


def _sought(name: str) -> str:
    if len(name) >= _ANYWHERE and not _BASES.match(name):
        return re.escape(name)
    return rf"(?<![^\W_]){re.escape(name)}(?![^\W_])"


def with_hidden_patients(plan: Plan, settings: RunSettings) -> Plan:
    """The plan with pseudonyms of its patients.

    Raises:
        InputError: the key cannot be used.
    """
    pseudonyms = pseudonyms_of(settings.pseudonymise)
    if pseudonyms is None:
        return plan
    jobs = (
        job
        if job.patient is None
        else replace(job, patient=pseudonyms.patient(job.patient), concealed=(job.patient,))
        for job in plan.jobs
    )
    return replace(plan, jobs=tuple(jobs))


def shown_name(name: str, settings: RunSettings) -> str:
    """What a sample is called in what is written.

    Raises:
        InputError: the key cannot be used.
    """
    pseudonyms = pseudonyms_of(settings.pseudonymise)
    return name if pseudonyms is None else pseudonyms.sample(name)


def shown_label(job: Job, settings: RunSettings) -> str:
    """What a job is called in what is written: the sheet's name of its sample, else its file's."""
    pseudonyms = pseudonyms_of(settings.pseudonymise)
    if pseudonyms is None:
        return job.label or job.path.name
    return pseudonyms.sample(job.label) if job.label else pseudonyms.file(job.path.name)


def hidden_names(
    job: Job, settings: RunSettings, resources: Resources, columns: Iterable[str] = ()
) -> HiddenNames | None:
    """The names that one job knows; ``None`` where names are shown.

    Raises:
        InputError: the key cannot be used.
    """
    return names_of_run([job], settings, resources, columns)


def names_of_run(
    jobs: Iterable[Job],
    settings: RunSettings,
    resources: Resources,
    columns: Iterable[str] = (),
    files: Iterable[Path] = (),
) -> HiddenNames | None:
    """The names that some jobs know, with those of columns and of further files; ``None`` where names are shown.

    Raises:
        InputError: the key cannot be used.
    """
    pseudonyms = pseudonyms_of(settings.pseudonymise)
    if pseudonyms is None:
        return None
    jobs = list(jobs)
    samples = {
        *columns,
        *(n for j in jobs for n in (j.label, j.sample, j.normal, *j.concealed)),
        settings.sample,
        settings.normal,
    }
    given = (settings.bam, *settings.cnv, settings.target, settings.callable_bed, settings.reference)
    paths = {*files, *(p for j in jobs for p in (*j.files, *j.cnv, *(t.path for t in j.tables))), *given}
    return HiddenNames(
        pseudonyms,
        sorted(name for name in samples if name),
        sorted(path for path in paths if path is not None),
        _own_words(resources),
    )


@functools.cache
def _own_words(resources: Resources) -> frozenset[str]:
    store = resources.store
    words = {
        kind: {
            word
            for name in store.manifest
            if name.startswith(kind)
            for word in re.findall(r"\w+", store.read(name).decode())
        }
        for kind in ("rules/", "texts/")
    }
    return frozenset({w for w in words["rules/"] if not re.search(r"\d", w)} | words["texts/"])
