"""Models that take a while to load, once for all tests of a process."""

import pytest

from imaggen_semantics.models import LanguageModels


@pytest.fixture(scope="session")
def bare_models() -> LanguageModels:
    """The English lexicon and nothing else."""
    return LanguageModels("en", lexicon_only=True)


@pytest.fixture(scope="session")
def models() -> LanguageModels:
    """Every English model that is installed."""
    pytest.importorskip("spacy")
    models = LanguageModels("en")
    models.load()
    return models
