"""Karyotype and FISH of the context as evidence on the copies of the gene."""

from __future__ import annotations

from collections.abc import Iterator

from tp53annot.core.copy_number import CopyEvidence, CopySource, CopyState
from tp53annot.core.karyotype import CytogeneticKind, CytogeneticReading
from tp53annot.interpret.karyotype.fish import read_fish
from tp53annot.interpret.karyotype.reading import fish_part, read_karyotype
from tp53annot.knowledge.rules.copy_number import CytogeneticRules
from tp53annot.knowledge.rules.copy_sentences import CytogeneticSentences


def cytogenetic_evidence(
    karyotype: str | None, fish: str | None, rules: CytogeneticRules, words: CytogeneticSentences
) -> Iterator[CopyEvidence]:
    """What the karyotype and FISH of the context say; a FISH part behind the karyotype is read, too."""
    if karyotype:
        yield _cytogenetic(read_karyotype(karyotype, rules), rules, words)
    behind = fish_part(karyotype) if karyotype else ""
    for text in (behind, fish):
        if text:
            yield _cytogenetic(read_fish(text, rules), rules, words)


def _cytogenetic(
    reading: CytogeneticReading, rules: CytogeneticRules, words: CytogeneticSentences
) -> CopyEvidence:
    quote = reading.quote
    if reading.cells:
        counted = words.metaphases if reading.source is CopySource.KARYOTYPE else words.nuclei
        quote += counted.format(cells=reading.cells)
    sentence = words.kind[reading.kind].text
    text = sentence.format(origin=words.source[reading.source], quote=quote, total=reading.total)
    low, high = rules.low_hypodiploid
    if reading.state is CopyState.LOSS and reading.modal is not None and low <= reading.modal <= high:
        text += words.low_hypodiploid.format(modal=reading.modal)
    return CopyEvidence(
        source=reading.source,
        state=reading.state,
        text=text,
        origin=reading.source.value,
        total=reading.total,
        modal=None if reading.kind is CytogeneticKind.NO_CLONE else reading.modal,
    )
