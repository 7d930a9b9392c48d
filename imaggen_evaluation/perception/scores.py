"""The figures of a benchmark, by their old name."""

from imaggen_evaluation.scores import Case, Score, Section

__all__ = ["Case", "Score", "Section"]
