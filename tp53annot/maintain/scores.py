"""Population frequencies (gnomAD) and predictor scores, in the formats their publishers use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tp53annot.core.allele import Build
from tp53annot.core.variant import TranscriptVariant
from tp53annot.errors import InputError
from tp53annot.maintain.name_rows import (
    Imported,
    Made,
    Rows,
    build_of,
    file_date,
    sort_key,
    stated_build,
    vcf_rows,
)
from tp53annot.maintain.open_release import Release, Row, info_fields
from tp53annot.names.hgvs import Namer

GNOMAD_HEADER = ("hgvs_c", "allele_fraction", "allele_count", "allele_number")
SCORES_HEADER = ("hgvs_c", "predictor", "score")
_PASSED = ("PASS", ".", "")
_ABSENT = ("NA", "")
_Counts = tuple[int, int]


def gnomad_vcf(release: Release, namer: Namer, rules: Mapping[str, Any], assembly: Build | None) -> Imported:
    """Sites VCF: joint counts where the file has them, else its own."""
    rows: Rows[_Counts] = Rows(release, namer, assembly or stated_build(release, namer))
    count, number = release.format["count"], release.format["number"]
    for chrom, pos, _, ref, alts, passed, text in vcf_rows(release, namer):
        info = info_fields(text)
        counts = info.get(count, "").split(",")
        if passed not in _PASSED:
            rows.left["failed gnomAD's filter"] += 1
            continue
        for alt, seen in zip(alts, counts, strict=False):
            _count(rows, (chrom, pos, ref, alt), seen, info.get(number, ""))
    return _frequencies(rows, file_date(release))


def gnomad_table(
    release: Release, namer: Namer, rules: Mapping[str, Any], assembly: Build | None
) -> Imported:
    """The table the browser exports, or a plain one."""
    form = release.format
    rows: Rows[_Counts] = Rows(release, namer, assembly)
    for row in release.rows():
        marks = [row[name] for name in form["filters"] if name in row]
        if marks and not any(mark in _PASSED for mark in marks) and not all(m in _ABSENT for m in marks):
            rows.left["failed gnomAD's filter"] += 1
        else:
            change = (row[form["chrom"]], row[form["pos"]], row[form["ref"]], row[form["alt"]])
            _count(rows, change, row[form["count"]], row[form["number"]])
    return _frequencies(rows, None)


def gnomad_api(release: Release, namer: Namer, rules: Mapping[str, Any], assembly: Build | None) -> Imported:
    """The answer of gnomAD's GraphQL service to our query (GRCh38)."""
    document = release.document
    if document.get("errors"):
        raise InputError(f"gnomAD answered with an error: {document['errors']}"[:200], path=str(release.path))
    rows: Rows[_Counts] = Rows(release, namer, Build.GRCH38)
    try:
        for entry in document["data"]["gene"]["variants"]:
            parts = str(entry["variant_id"]).split("-")
            sets = [entry[name] for name in ("exome", "genome") if entry.get(name)]
            if len(parts) != 4:
                rows.left["no plain sequence change"] += 1
            elif sets and all(part.get("filters") for part in sets):
                rows.left["failed gnomAD's filter"] += 1
            else:
                together = [entry["joint"]] if entry.get("joint") else sets
                seen, tested = (sum(part[key] for part in together) for key in ("ac", "an"))
                _count(rows, (parts[0], parts[1], parts[2], parts[3]), str(seen), str(tested))
    except (KeyError, TypeError) as error:
        raise InputError(f"gnomAD's answer has another form ({error!r})", path=str(release.path)) from error
    return _frequencies(rows, None)


def _count(rows: Rows[_Counts], change: tuple[str, str, str, str], seen: str, tested: str) -> None:
    if not (seen.isdigit() and tested.isdigit() and int(tested) > 0 and int(seen) <= int(tested)):
        rows.left["no usable allele count"] += 1
    else:
        rows.add(*change, (int(seen), int(tested)))


def _frequencies(rows: Rows[_Counts], version: str | None) -> Imported:
    """The table; refused when an exon of the coding sequence has no row, as absence would read as rarity.

    Raises:
        InputError: the file does not reach over the whole coding sequence.
    """
    build = rows.build()
    found: dict[str, tuple[int, _Counts]] = {}
    for variant, position, counts in rows.named(build):
        found[variant.hgvs_c] = (position, counts)
    reference = rows.namer.reference
    exons = [
        number
        for number, (low, high) in enumerate(reference.main_transcript.exons, 1)
        if any(low <= b and a <= high for a, b in reference.main_transcript.cds)
        and not any(low <= position <= high for position, _ in found.values())
    ]
    if exons:
        raise InputError(
            f"has no row in coding exon {', '.join(map(str, exons))}; absence there would be read as rarity",
            path=str(rows.release.path),
            fix="give a file that covers the whole gene",
        )
    ordered = sorted(found, key=lambda name: sort_key(found[name][0], name))
    made = tuple(
        (name, f"{seen / tested:.6g}", str(seen), str(tested))
        for name, (_, (seen, tested)) in ((name, found[name]) for name in ordered)
    )
    table = Made(table="gnomad", header=GNOMAD_HEADER, rows=made)
    return Imported(tables=(table,), taken=len(made), left=dict(rows.left), version=version, build=build)


def score_table(release: Release, namer: Namer, rules: Mapping[str, Any], assembly: Build | None) -> Imported:
    """AlphaMissense, REVEL, BayesDel: one row a change, columns as ``sources.toml`` names them."""
    form = release.format
    stated = assembly or (Build(form["build"]) if "build" in form else None)
    rows: Rows[Row] = Rows(release, namer, stated)
    for row in release.rows():
        transcripts = row.get(form.get("transcript", ""), "")
        if transcripts and rules["gene"]["transcript"] not in transcripts:
            rows.left["another transcript"] += 1
            continue
        if "build_column" in form:
            rows.stated = build_of(row[form["build_column"]])
        rows.add(row[form["chrom"]], row[form["pos"]], row[form["ref"]], row[form["alt"]], row)
    return _scores(rows, rules, ((v, p, row[form["score"]]) for v, p, row in _checked(rows)), None)


def _checked(rows: Rows[Row]) -> Iterator[tuple[TranscriptVariant, int, Row]]:
    """Rows whose new residue is ours, where the file states it: other transcripts read other residues."""
    column = rows.release.format.get("residue")
    for variant, position, row in rows.named(rows.build()):
        if column and row[column] not in (variant.aa_alt, "."):
            rows.left["another protein change"] += 1
        else:
            yield variant, position, row


def spliceai(release: Release, namer: Namer, rules: Mapping[str, Any], assembly: Build | None) -> Imported:
    """The highest of the four delta scores of TP53 (acceptor or donor, gain or loss)."""
    rows: Rows[str] = Rows(release, namer, assembly or stated_build(release, namer))
    for chrom, pos, _, ref, alts, _, text in vcf_rows(release, namer):
        entries = [e.split("|") for e in info_fields(text).get("SpliceAI", "").split(",") if e]
        ours = [e for e in entries if len(e) >= 6 and e[1] == rules["gene"]["symbol"] and e[0] in alts]
        if not ours:
            rows.left["another gene, or no score"] += 1
        for entry in ours:
            deltas = [float(x) for x in entry[2:6] if _is_number(x)]
            if deltas:
                rows.add(chrom, pos, ref, entry[0], f"{max(deltas):g}")
    return _scores(rows, rules, rows.named(rows.build()), file_date(release))


def _scores(
    rows: Rows[Any],
    rules: Mapping[str, Any],
    named: Iterable[tuple[TranscriptVariant, int, str]],
    version: str | None,
) -> Imported:
    predictor = rules["source"][rows.release.format["source"]]["predictor"]
    found: dict[str, tuple[int, str]] = {}
    for variant, position, text in named:
        if not _is_number(text):
            rows.left["no score"] += 1
        elif variant.hgvs_c in found and found[variant.hgvs_c][1] != text:
            raise InputError(
                f"gives {variant.hgvs_c} two scores, {found[variant.hgvs_c][1]} and {text}",
                path=str(rows.release.path),
            )
        else:
            found[variant.hgvs_c] = (position, text)
    if not found:
        raise InputError("holds no score of a TP53 change", path=str(rows.release.path))
    ordered = sorted(found, key=lambda name: sort_key(found[name][0], name))
    made = tuple((name, str(predictor), f"{float(found[name][1]):g}") for name in ordered)
    table = Made(table="predictor_scores", header=SCORES_HEADER, rows=made)
    return Imported(
        tables=(table,), taken=len(made), left=dict(rows.left), version=version, build=rows.build()
    )


def _is_number(text: str) -> bool:
    try:
        return -1e9 < float(text) < 1e9
    except ValueError:
        return False


READERS = {"gnomad_vcf": gnomad_vcf, "gnomad_table": gnomad_table, "gnomad_api": gnomad_api,
           "score_table": score_table, "spliceai": spliceai}  # fmt: skip
