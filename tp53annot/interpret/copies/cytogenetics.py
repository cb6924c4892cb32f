"""Karyotype and FISH of the context as evidence on the copies of the gene."""

from __future__ import annotations

from collections.abc import Iterator

from tp53annot.core.copy_number import CopyEvidence, CopySource
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
    fewest, most = reading.modal, reading.modal_most
    if fewest is not None and most is not None and low <= fewest <= most <= high:
        shown = f"{fewest}" if fewest == most else f"{fewest}-{most}"
        text += words.low_hypodiploid.format(modal=shown)
    return CopyEvidence(
        source=reading.source,
        state=reading.state,
        text=text,
        origin=reading.source.value,
        total=reading.total,
        none_left=reading.kind is CytogeneticKind.BOTH_LOST,
        modal=reading.modal,
        modal_most=reading.modal_most,
    )
