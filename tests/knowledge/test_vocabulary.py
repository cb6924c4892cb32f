"""The clinical context's fields: each described as it must be, or refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutated import laid

from tp53annot.errors import ResourceError
from tp53annot.knowledge.vocabulary import ContextField, FieldKind, load_vocabulary


def test_fields_of_every_kind() -> None:
    fields = load_vocabulary()
    assert fields["age_years"] == ContextField(kind=FieldKind.NUMBER, min=0, max=120)
    assert fields["age_years"].is_number
    assert "B-ALL" in fields["lineage"].values and not fields["lineage"].is_number


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("max = 120", "most = 120", "age_years.most is not known"),
        ("max = 120", "", "age_years: min and max belong to a number"),
        ('kind = "date"', 'kind = "day"', "sample_date.kind is 'day', not one of choice, list"),
        ('values = ["ALL", "non_ALL", "unknown"]', "", "diagnosis: values belong to a choice or list"),
    ],
)
def test_a_field_that_is_not_described_is_one_clear_error(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    root = laid(tmp_path / "r", "evidence/vocabulary.toml", lambda text: text.replace(old, new, 1))
    with pytest.raises(ResourceError, match=message):
        load_vocabulary(root)
