"""A migration operation that installs triggers without rendering every related model again for each of them.

Adding 100 triggers one by one makes Django rebuild its picture of all related models 100 times: half a minute from
an empty database. An initial migration therefore names its triggers in each model's options and installs them here.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class InstallTriggers(Operation):
    """Install every trigger that stands in the options of the app's models."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The state has the triggers already."""

    def _triggers(self, app_label: str, state: ProjectState) -> list[Any]:
        return [
            trigger
            for (label, _), model in state.models.items()
            if label == app_label
            for trigger in model.options.get("triggers", [])
        ]

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Install them."""
        for trigger in self._triggers(app_label, to_state):
            schema_editor.execute(trigger.install_sql, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take them away."""
        for trigger in self._triggers(app_label, from_state):
            schema_editor.execute(trigger.uninstall_sql, params=None)

    def describe(self) -> str:
        """What the operation does."""
        return "Installera modellernas triggrar"
