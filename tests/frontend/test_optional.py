"""What may be None: what is done where it is."""

from __future__ import annotations

import pytest

import s2sad
from tests.programs import optional


def unguarded(x: float) -> float:
    y = None
    if x > 0.5:
        y = x * x
    return y * x  # type: ignore[operator]


def maybe(x: float) -> float | None:
    y = None
    if x > 0.5:
        y = x * x
    return y


def test_none_where_a_number_is_needed() -> None:
    """The user's own error comes through."""
    assert s2sad.grad(unguarded)(0.7) == pytest.approx(3.0 * 0.49)
    for call in (unguarded, s2sad.grad(unguarded), lambda x: s2sad.jvp(unguarded, (x,), (1.0,))):
        with pytest.raises(TypeError, match="NoneType"):
            call(0.3)


def test_result_that_is_none() -> None:
    assert optional.nothing_on_some_path(-1.5) is None
    with pytest.raises(TypeError, match="nothing_on_some_path returns None here, which has no derivative"):
        s2sad.grad(optional.nothing_on_some_path)(-1.5)


LOOP: list[object] = [1.0]
LOOP.append(LOOP)


def of_a_list_that_holds_itself(x: float) -> float:
    return x * LOOP[0]  # type: ignore[operator]


def test_table_that_holds_itself() -> None:
    with pytest.raises(s2sad.errors.TypeRefusal, match=r"'LOOP\[1\]' holds itself") as caught:
        s2sad.grad(of_a_list_that_holds_itself)(0.7)
    where = caught.value.where
    assert where is not None and where.source.strip().startswith("return x * LOOP")


def test_result_that_may_be_none() -> None:
    with pytest.raises(s2sad.errors.TypeRefusal, match="what is returned here may be None") as caught:
        s2sad.grad(maybe)(0.7)
    where = caught.value.where
    assert where is not None and (where.source.strip(), where.column) == ("return y", 5)
