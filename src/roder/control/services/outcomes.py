"""Which words a control point's outcome has at an occasion. Pages, forms, files and reports all ask here."""

from __future__ import annotations

from collections.abc import Iterable

from roder.control.models import PointReview
from roder.control.rules.outcomes import Word, Words, words_of
from roder.steering import services as steering
from roder.steering.models import Occasion


def words_at(occasion: Occasion) -> Words:
    """The words of the steering model that governs the occasion, or the program's own where it has no such scale."""
    return words_of(steering.scale_for(steering.model_of(occasion), "control", occasion.kind))


def word_of(review: PointReview) -> Word:
    """The word for what somebody said of a point. The review comes with its occasion."""
    return words_at(review.occasion).of(review.outcome, review.step)


def words_among(reviews: Iterable[PointReview | None]) -> Words:
    """The words to sum up by: those of the latest of the occasions where something was said."""
    said = [one.occasion for one in reviews if one is not None]
    return words_at(max(said, key=lambda one: (one.cut_off, one.pk))) if said else Words()
