"""Migration operations that do not render every related model again for each table and trigger.

Adding 100 tables and triggers one by one makes Django rebuild its picture of all related models 100 times: half a
minute from an empty database. A migration that makes a room's tables therefore names its triggers in each model's
options, makes the tables ``together`` and installs their triggers at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class InstallTriggers(Operation):
    """Install every trigger that stands in the options of the app's models, or of those that are named."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, *models: str) -> None:
        self.models = tuple(name.lower() for name in models)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The state has the triggers already."""

    def _triggers(self, app_label: str, state: ProjectState) -> list[Any]:
        return [
            trigger
            for (label, name), model in state.models.items()
            if label == app_label and (not self.models or name in self.models)
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


class CreateTables(Operation):
    """Create several tables: the models are rendered once for all of them."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, creations: Sequence[CreateModel]) -> None:
        self.creations = creations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Every model becomes known; those that Django has made classes of are made anew once, not for each table."""
        classes = state.__dict__.pop("apps", None)
        for creation in self.creations:
            creation.state_forwards(app_label, state)
        if classes is not None:
            state.__dict__["apps"] = classes
            state.reload_models(
                [(app_label, creation.name_lower) for creation in self.creations], delay=False
            )

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create them in order."""
        for creation in self.creations:
            creation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Remove them, the last first."""
        for creation in reversed(self.creations):
            creation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """What the operation does."""
        return f"Skapa {len(self.creations)} tabeller"


def together(operations: Sequence[Operation]) -> list[Operation]:
    """The same operations, with tables that are created after each other created together."""
    grouped: list[Operation] = []
    tables: list[CreateModel] = []
    for operation in operations:
        if isinstance(operation, CreateModel):
            tables.append(operation)
            continue
        if tables:
            grouped.append(CreateTables(tables))
            tables = []
        grouped.append(operation)
    return [*grouped, CreateTables(tables)] if tables else grouped
