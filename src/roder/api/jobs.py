"""By the clock: what the API keeps only for a time is taken away."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from roder.api.models import KeptPost
from roder.core.jobs import periodic

#: How long a post that is sent again gives what it made the first time.
KEPT = timedelta(days=30)


@periodic("40 3 * * *")
def forget_posts() -> None:
    """Take away the keys of posts that nobody sends again."""
    KeptPost.objects.filter(at__lt=timezone.now() - KEPT).delete()
