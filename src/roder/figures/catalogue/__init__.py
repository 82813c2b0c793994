"""Every figure, one module for each part of the work. The modules are imported by ``roder.figures.registry``.

The package has the name of the list it holds, so it can be called: ``from roder.figures import catalogue`` gives the
same answer to ``catalogue()`` whether this package has been imported yet or not.
"""

from __future__ import annotations

import sys
from types import ModuleType

from roder.figures import registry


class _Catalogue(ModuleType):
    """A module that answers with the catalogue when called."""

    def __call__(self) -> dict[str, registry.Figure]:
        """Every figure by its name."""
        return registry.catalogue()


sys.modules[__name__].__class__ = _Catalogue
