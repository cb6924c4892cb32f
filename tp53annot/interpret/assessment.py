"""The answer for one sample: status, allelic state, flags, notes, warnings, limitations.

Thresholds and sentences stand in ``rules/assessment.toml``; CONTRACT's order of states is here.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from tp53annot.core.candidate import Flag
from tp53annot.core.coverage import Coverage, ExonCoverage
from tp53annot.core.report import SampleAssessment
from tp53annot.core.variant import ClassifiedVariant, OncogenicityClass
from tp53annot.interpret.assessment_flags import filtered_oncogenic, germline, haematopoiesis, warnings
from tp53annot.interpret.findings import Findings, Rules, label, vaf_of
from tp53annot.interpret.notes import select_notes
from tp53annot.knowledge.statements import NOT_KNOWN, Statement
from tp53annot.names.haplotype import Phasing, phase


def assess(
    findings: Findings, statements: Sequence[Statement], rules: Rules, evidence_level: str
) -> SampleAssessment:
    """Judge one sample."""
    status = _status(findings)
    state, basis = _allelic_state(findings, status, rules)
    flag, germline_reasons = germline(findings, rules)
    ch_reasons = haematopoiesis(findings, rules)
    clonality = _clonality(findings, rules)
    mutated_all = _mutated_all(findings, status)
    facts = _facts(findings, status, state, clonality, flag)
    notes = (
        select_notes(statements, facts, evidence_level, rules)
        if findings.value("diagnosis") != "non_ALL"
        else ()
    )
    return SampleAssessment(
        status=status,
        tp53_mutated_all=mutated_all,
        allelic_state=state,
        allelic_state_basis=basis,
        germline_flag=flag,
        germline_reasons=germline_reasons,
        clonal_haematopoiesis_flag=bool(ch_reasons),
        clonal_haematopoiesis_reasons=ch_reasons,
        summary=_summary(findings, status, state, basis, mutated_all, rules),
        notes=notes,
        warnings=warnings(findings, status, rules),
        limitations=_limitations(findings, rules),
        status_basis=_status_basis(findings, status, rules),
        clonality=clonality,
    )


def _status(findings: Findings) -> str:
    if findings.above:
        return "mutated"
    if findings.deletion:
        return "deletion_only"
    if findings.oncogenic:
        return "low_level"
    if any(v.classification.oncogenicity is OncogenicityClass.UNCERTAIN for v in findings.variants):
        return "uncertain"
    coverage = findings.coverage
    return "not_detected" if coverage is not None and coverage.required_region_assessed else "incomplete"


def _mutated_all(findings: Findings, status: str) -> bool | None:
    diagnosis = findings.value("diagnosis")
    if status == "mutated":
        return None if diagnosis is None else diagnosis == "ALL"
    return None if status in ("incomplete", "low_level", "uncertain", "deletion_only") else False


def _facts(
    findings: Findings, status: str, state: str, clonality: str | None, flag: str
) -> dict[str, object]:
    facts: dict[str, object] = {name: entry.value for name, entry in findings.context.items()}
    if facts.get("germline_status") in (None, *NOT_KNOWN) and flag == "suspected":
        facts["germline_status"] = "suspected"
    vafs = [vaf for v in findings.oncogenic if (vaf := vaf_of(v)) is not None]
    facts |= {
        "tp53_status": status,
        "tp53_allelic_state": "unknown" if state == "none" else state,
        "tp53_max_vaf": max(vafs) if vafs else None,
        "tp53_clonality": clonality,
    }
    if facts["tp53_max_vaf"] is None:
        facts["tp53_max_vaf"] = "unknown"
    return facts


def _clonality(findings: Findings, rules: Rules) -> str | None:
    if not findings.oncogenic:
        return None
    vafs = [vaf for v in findings.oncogenic if (vaf := vaf_of(v)) is not None]
    if not vafs:
        return "unknown"
    top, blasts = max(vafs), findings.value("blast_pct")
    if top < findings.report_vaf:
        return "below_reporting"
    if blasts:
        return (
            "clonal" if min(2 * top / (blasts / 100), 1) >= rules["limits"]["subclonal_ccf"] else "subclonal"
        )
    return "clonal" if top >= rules["limits"]["clonal_vaf"] else "subclonal"


# allelic state ------------------------------------------------------------------------------


def _allelic_state(findings: Findings, status: str, rules: Rules) -> tuple[str, tuple[Flag, ...]]:
    if status == "deletion_only":
        return "single_hit", (_flag("deletion", rules),)
    if status == "not_detected":
        return "none", (_flag("none", rules),)
    hits = findings.above
    if not hits:
        return "unknown", (_flag("unknown", rules),)
    phases = _phases(findings, hits)
    sure = _hits(findings, len(hits), phases, rules)
    open_phase = (_flag("phase_open", rules, count=len(hits)),) if phases == {Phasing.UNKNOWN} else ()
    if sure:
        return "multi_hit", (*sure, *open_phase)
    possible = _high_vaf(findings, hits, rules) if phases <= {Phasing.CIS} else None
    if open_phase or possible:
        return "possible_multi_hit", (*open_phase, *((possible,) if possible else ()))
    extra = (_flag("in_cis", rules),) if len(hits) > 1 else ()
    return "single_hit", (_flag("single", rules, loss=_loss_words(findings, rules)), *extra)


def _phases(findings: Findings, hits: Sequence[ClassifiedVariant]) -> set[Phasing]:
    """The phases that matter: trans when one pair lies in trans, else unknown when one does not tell."""
    found = {
        phase(a.candidate, b.candidate, findings.cis_vaf_sum) for a, b in itertools.combinations(hits, 2)
    }
    return next(({p} for p in (Phasing.TRANS, Phasing.UNKNOWN) if p in found), found)


def _hits(findings: Findings, count: int, phases: set[Phasing], rules: Rules) -> tuple[Flag, ...]:
    found = []
    if phases == {Phasing.TRANS}:
        found.append(_flag("two_variants", rules, count=count, phase=rules["words"]["trans"]))
    if findings.value("del17p_status") == "present":
        found.append(_flag("del17p", rules))
    if findings.value("loh17p_status") == "cn_loh":
        found.append(_flag("cn_loh", rules))
    if findings.deletion == "seen":
        found.append(_flag("structural", rules))
    if findings.value("ploidy") in rules["groups"]["hypodiploid"]:
        found.append(_flag("karyotype", rules))
    return tuple(found)


def _high_vaf(findings: Findings, hits: Sequence[ClassifiedVariant], rules: Rules) -> Flag | None:
    vaf = vaf_of(hits[0])
    if vaf is None or findings.value("germline_status") == "confirmed":
        return None
    blasts = findings.value("blast_pct")
    fraction = 1.0 if blasts is None else blasts / 100
    limit = max(rules["limits"]["two_hit_vaf"], fraction / 2 + rules["limits"]["two_hit_margin"])
    if vaf <= limit:
        return None
    shown = rules["words"]["fraction_unknown"] if blasts is None else f"{fraction:.2f}"
    return _flag("high_vaf", rules, vaf=vaf, limit=limit, fraction=shown)


def _loss_words(findings: Findings, rules: Rules) -> str:
    tested = findings.value("del17p_status") == "absent" and findings.value("loh17p_status") == "absent"
    return str(rules["words"]["loss_tested" if tested else "loss_open"])


# words --------------------------------------------------------------------------------------


def _flag(name: str, rules: Rules, **facts: object) -> Flag:
    return Flag(
        id=f"basis.{name}", text=rules["basis"][name].format(**facts), source=rules["sources"]["allelic"]
    )


def _sentence(name: str, rules: Rules, **facts: object) -> Flag:
    return Flag(
        id=f"summary.{name}", text=rules["summary"][name].format(**facts), source=rules["sources"]["status"]
    )


def gaps_text(coverage: Coverage, rules: Rules) -> str:
    """What was not assessed, in words: exons without reads, whole exons, then stretches."""
    words = rules["words"]
    bare = [
        e for e in coverage.exons if e.fraction_assessed <= 0 and e.min_depth == 0 and (e.mean_depth or 0) < 1
    ]
    whole = [e for e in coverage.exons if e.required and e.fraction_assessed <= 0 and e not in bare]
    named = {e.exon for e in (*bare, *whole)}
    parts = []
    if bare:
        parts.append(f"{_exons(bare, words)} ({words['no_reads']})")
    if whole:
        shallow = f" ({words['not_deep']})" if coverage.min_depth_needed else ""
        parts.append(f"{_exons(whole, words)}{shallow}")
    gaps = [g for g in coverage.gaps if g.required and g.exon not in named]
    parts += [f"{words['exon']} {g.exon} ({g.c_start} {words['to']} {g.c_end})" for g in gaps[:6]]
    if len(gaps) > 6:
        parts.append(words["more_gaps"].format(count=len(gaps) - 6))
    return ", ".join(parts)


def _exons(exons: Sequence[ExonCoverage], words: Rules) -> str:
    """``exon 7`` or ``exons 4-6, 9``."""
    numbers = sorted(int(e.exon) for e in exons)
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    shown = ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}-{r[-1]}" for r in runs)
    return f"{words['exon' if len(numbers) == 1 else 'exons']} {shown}"


def _summary(
    findings: Findings, status: str, state: str, basis: Sequence[Flag], mutated_all: bool | None, rules: Rules
) -> tuple[Flag, ...]:
    if status == "mutated":
        return _mutated_summary(findings, state, basis, mutated_all, rules)
    held = filtered_oncogenic(findings)
    sentences = _other_summary(findings, status, rules)
    if held:
        shown = "; ".join(label(v) for v in held[:4])
        return (*sentences, _sentence("filtered", rules, variants=shown))
    return sentences


def _other_summary(findings: Findings, status: str, rules: Rules) -> tuple[Flag, ...]:
    threshold = findings.report_vaf
    if status == "deletion_only":
        origin = rules["words"][f"deletion_{findings.deletion}"]
        return (_sentence("deletion_only", rules, origin=origin),)
    if status == "low_level":
        shown = "; ".join(label(v) for v in findings.oncogenic)
        return (_sentence("low_level", rules, threshold=threshold, variants=shown),)
    if status == "uncertain":
        return (_sentence("uncertain", rules, variants="; ".join(label(v) for v in findings.variants)),
                *_coverage_sentence(findings, rules))  # fmt: skip
    if status == "not_detected":
        return (_sentence("not_detected", rules, threshold=threshold),)
    if findings.coverage is None:
        return (_sentence("incomplete_unknown", rules),)
    return (
        _sentence("incomplete_gaps", rules, threshold=threshold, gaps=gaps_text(findings.coverage, rules)),
    )


def _coverage_sentence(findings: Findings, rules: Rules) -> tuple[Flag, ...]:
    coverage = findings.coverage
    if coverage is None:
        return (Flag(id="limitation.no_coverage", text=rules["limitation"]["no_coverage"],
                     source=rules["sources"]["assay"]),)  # fmt: skip
    if coverage.required_region_assessed:
        return ()
    return (
        _sentence("coverage_gaps", rules, threshold=findings.report_vaf, gaps=gaps_text(coverage, rules)),
    )


def _mutated_summary(
    findings: Findings, state: str, basis: Sequence[Flag], mutated_all: bool | None, rules: Rules
) -> tuple[Flag, ...]:
    shown = "; ".join(label(v) for v in findings.above)
    origin = findings.context["diagnosis"].origin if "diagnosis" in findings.context else "unknown"
    words = rules["words"][f"diagnosis_{origin}"]
    name = {True: "mutated_all", False: "mutated_not_all", None: "mutated_unknown"}[mutated_all]
    sentences = [_sentence("mutated", rules, variants=shown), _sentence(name, rules, diagnosis_origin=words)]
    if state == "single_hit":
        sentences.append(_sentence("allelic_single_hit", rules, loss=_loss_words(findings, rules)))
    elif state in ("multi_hit", "possible_multi_hit"):
        sentences.append(_sentence(f"allelic_{state}", rules, basis="; ".join(f.text for f in basis)))
    return tuple(sentences)


def _status_basis(findings: Findings, status: str, rules: Rules) -> tuple[Flag, ...]:
    chosen = {
        "mutated": findings.above,
        "low_level": findings.oncogenic,
        "uncertain": list(findings.variants),
    }
    return tuple(
        Flag(id=f"status.{status}", text=f"{label(v)}: {rules['words']['class'][v.classification.oncogenicity]}",
             source=rules["sources"]["status"])
        for v in chosen.get(status, [])
    )  # fmt: skip


def _limitations(findings: Findings, rules: Rules) -> tuple[Flag, ...]:
    names = ["fixed", "literature", "scope"]
    if findings.coverage is None:
        names.append("no_coverage")
    if not findings.has_normal:
        names.append("tumour_only")
    texts = [
        Flag(id=f"limitation.{n}", text=rules["limitation"][n], source=rules["sources"]["assay"])
        for n in names
    ]
    unseen = (
        [e for e in findings.coverage.exons if not e.required and e.fraction_assessed < 1]
        if findings.coverage
        else []
    )
    if unseen:
        text = rules["limitation"]["listed_exons"].format(
            exons=_exons(unseen, rules["words"]), threshold=findings.report_vaf
        )
        texts.append(Flag(id="limitation.listed_exons", text=text, source=rules["sources"]["assay"]))
    kinds = {item for v in findings.variants for item in v.classification.not_considered}
    ordered = [i for v in findings.variants for i in v.classification.not_considered if i in kinds]
    if ordered:
        items = "; ".join(dict.fromkeys(ordered))
        text = rules["limitation"]["not_considered"].format(items=items)
        texts.append(Flag(id="limitation.not_considered", text=text, source=rules["sources"]["status"]))
    return tuple(texts)
