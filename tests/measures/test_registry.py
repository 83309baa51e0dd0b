"""The registry of measures and its catalogue."""

import inspect

import pytest

from clusterbelt.core import registry
from clusterbelt.core.registry import FAMILIES, MeasureSpec, register
from clusterbelt.core.strings import LANGUAGES, has_text
from clusterbelt.measures.catalogue import MODULES, all_measures


def _spec(**changes):
    fields = {
        "name": "nothing",
        "family": "composite",
        "needs": ("region",),
        "gives": (),
        "unit": "1",
        "source": "none",
    }
    return MeasureSpec(**(fields | changes))


@pytest.mark.parametrize("measure", all_measures().values(), ids=lambda item: item.spec.name)
def test_every_measure_is_complete(measure):
    spec = measure.spec
    for language in LANGUAGES:
        assert has_text(spec.title_key, language)
        assert has_text(spec.line_key, language)
        assert spec.title(language) != spec.line(language)
    assert spec.family in FAMILIES
    assert measure.function.__name__ == spec.name
    assert (measure.function.__doc__ or "").strip()
    # The first parameter is the data, the rest has defaults.
    parameters = list(inspect.signature(measure.function).parameters.values())
    assert all(item.default is not inspect.Parameter.empty for item in parameters[1:])


def test_every_public_function_is_registered():
    public = {name for module in MODULES for name in module.__all__}
    assert public == set(all_measures())


def test_families_have_names():
    for family in FAMILIES:
        assert all(has_text(f"measure_family.{family}", language) for language in LANGUAGES)


def test_the_catalogue_is_in_order():
    order = [(item.spec.family, item.spec.name) for item in all_measures().values()]
    assert order == sorted(order)


def test_a_name_is_given_once_and_is_that_of_the_function():
    def hhi():
        """Do nothing."""

    def other():
        """Do nothing."""

    with pytest.raises(ValueError, match="already registered"):
        register(_spec(name="hhi"))(hhi)
    with pytest.raises(ValueError, match="declared as"):
        register(_spec())(other)


def test_registering_leaves_the_function_as_it_is(monkeypatch):
    monkeypatch.setattr(registry, "_REGISTRY", {})

    def nothing():
        """Do nothing."""

    assert register(_spec())(nothing) is nothing
    assert registry.registered()["nothing"].function is nothing


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "two words"}, "word"),
        ({"family": "other"}, "family"),
        ({"needs": ()}, "needs"),
        ({"source": ""}, "source"),
    ],
)
def test_a_spec_must_be_whole(changes, message):
    with pytest.raises(ValueError, match=message):
        _spec(**changes)
