"""Properties of names that hold for any change of the locus."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tp53annot.core.allele import Allele, Build
from tp53annot.knowledge.resources import resources_of
from tp53annot.names.normalisation import normalise
from tp53annot.names.parser import parse_change
from tp53annot.names.transcript import reverse_complement

RESOURCES = resources_of()
REF, NAMER = RESOURCES.reference, RESOURCES.namer
MAIN = NAMER.main
# 2 kb of flanks: upstream and downstream positions count as well
LOW, HIGH = MAIN.model.exons[-1][0] - 2000, MAIN.model.exons[0][1] + 2000
EDGES = [edge for span in MAIN.model.exons for edge in span]


@st.composite
def alleles(draw: st.DrawFn) -> Allele:
    """Any small change; half of them within 30 bases of an exon edge."""
    near = st.builds(int.__add__, st.sampled_from(EDGES), st.integers(-30, 30))
    pos = draw(st.one_of(near, st.integers(LOW, HIGH)))
    ref = REF.bases(pos, pos + draw(st.integers(0, 12)))
    alt = draw(st.one_of(
        st.text("ACGT", min_size=1, max_size=12),
        st.just(reverse_complement(ref)),
        st.just(ref + ref),
        st.integers(1, len(ref)).map(lambda n: ref[:n]),
    ))  # fmt: skip
    assume(ref != alt)
    return Allele(pos=pos, ref=ref, alt=alt)


def mutated(allele: Allele) -> str:
    """The whole locus after the change."""
    head, tail = REF.bases(REF.start, allele.pos - 1), REF.bases(allele.end + 1, REF.end)
    return head + allele.alt + tail


@given(alleles())
@settings(max_examples=400, deadline=None)
def test_the_named_change_gives_the_sequence_of_the_vcf_change(allele: Allele) -> None:
    (back,) = parse_change(NAMER.describe(allele, isoforms=False).hgvs_c, NAMER, {})
    assert mutated(back) == mutated(allele)


@given(alleles(), st.sampled_from(list(Build)))
@settings(max_examples=400, deadline=None)
def test_g_c_and_back_is_the_same_change_in_both_builds(allele: Allele, build: Build) -> None:
    minimal = normalise(allele, REF)
    (by_g,) = parse_change(NAMER.hgvs_g(allele, build), NAMER, {})
    (by_c,) = parse_change(f"NM_000546.6:{NAMER.describe(allele, isoforms=False).hgvs_c}", NAMER, {})
    assert by_g == by_c == minimal


@given(alleles())
@settings(max_examples=300, deadline=None)
def test_names_of_every_isoform_lead_back(allele: Allele) -> None:
    minimal = normalise(allele, REF)
    for effect in NAMER.describe(allele).isoforms:
        assert parse_change(f"{effect.transcript}:{effect.hgvs_c}", NAMER, {}) == (minimal,), effect


@given(alleles(), st.integers(0, 15), st.integers(0, 15))
@settings(max_examples=400, deadline=None)
def test_padding_changes_no_name(allele: Allele, left: int, right: int) -> None:
    head, tail = REF.bases(allele.pos - left, allele.pos - 1), REF.bases(allele.end + 1, allele.end + right)
    padded = Allele(pos=allele.pos - left, ref=head + allele.ref + tail, alt=head + allele.alt + tail)
    one, two = NAMER.describe(allele), NAMER.describe(padded)
    assert (one.hgvs_c, one.hgvs_p, one.consequences, one.isoforms) == (
        two.hgvs_c, two.hgvs_p, two.consequences, two.isoforms)  # fmt: skip
    assert normalise(padded, REF) == normalise(allele, REF)


@given(st.integers(LOW, HIGH), st.integers(1, 8), st.integers(-40, 40), st.booleans())
@settings(max_examples=400, deadline=None)
def test_left_and_right_spellings_give_one_name(pos: int, size: int, shift: int, insert: bool) -> None:
    """Every place that gives the same sequence gives the same name."""
    there = REF.bases(pos, pos + size)
    first = Allele(pos=pos, ref=there[0], alt=there) if insert else Allele(pos=pos, ref=there, alt=there[0])
    other = pos + shift
    bases = REF.bases(other, other + size)
    second = (
        Allele(pos=other, ref=bases[0], alt=bases) if insert else Allele(pos=other, ref=bases, alt=bases[0])
    )
    same_name = NAMER.describe(first, isoforms=False).hgvs_c == NAMER.describe(second, isoforms=False).hgvs_c
    assert same_name == (mutated(first) == mutated(second))
