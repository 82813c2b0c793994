"""Migrations that do not render every related model again for each table, field and trigger.

Adding 100 tables and triggers one by one makes Django rebuild its picture of all related models 100 times: half a
minute from an empty database. A migration that makes a room's tables therefore names its triggers in each model's
options, makes the tables ``together`` and installs their triggers at once; and ``apply`` does what is on tables in any
migration together, other programs' too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelOptions,
    CreateModel,
    RemoveConstraint,
    RemoveField,
    RemoveIndex,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger


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


class Together(Operation):
    """Several operations on tables: the models are rendered once for all of them.

    Each is carried out in order, between how the models were before all of them and how they are after.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = tuple(operations)
        self._made = {one.name_lower for one in self.operations if isinstance(one, CreateModel)}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Every change becomes known; those models that Django has made classes of are made anew once."""
        classes = state.__dict__.pop("apps", None)
        for one in self.operations:
            one.state_forwards(app_label, state)
        if classes is None:
            return
        state.__dict__["apps"] = classes
        _remake(state, {(app_label, model_of(one)) for one in self.operations} - {(app_label, "")})

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Carry them out in order."""
        for one in self.operations:
            # A table that these operations make is not known before them.
            before = to_state if model_of(one) in self._made else from_state
            one.database_forwards(app_label, schema_editor, before, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Undo them, the last first."""
        for one in reversed(self.operations):
            after = from_state if model_of(one) in self._made else to_state
            one.database_backwards(app_label, schema_editor, from_state, after)

    def describe(self) -> str:
        """What the operation does."""
        return "; ".join(one.describe() for one in self.operations)


def _remake(state: ProjectState, changed: set[tuple[str, str]]) -> None:
    """Make the classes of the changed models anew, and those that are built on them.

    Django would make all models that are in any way related to them anew, which is nearly all of them each time.
    The state is marked as it does itself when it leaves some for later: a migration that reads or writes rows gets
    every class made anew.
    """
    while more := {
        key
        for key, model in state.models.items()
        if key not in changed
        and any(isinstance(base, str) and tuple(base.lower().split(".")) in changed for base in model.bases)
    }:
        changed |= more
    with state.apps.bulk_update():
        for key in changed:
            state.apps.unregister_model(*key)
    state.apps.render_multiple([state.models[key] for key in sorted(changed) if key in state.models])
    state.is_delayed = True


#: What may be carried out together with what comes before and after it.
TABLES = (CreateModel,)
FIELDS = (AddField, AlterField, RemoveField)
OTHERS = (
    AddIndex,
    RemoveIndex,
    AddConstraint,
    RemoveConstraint,
    AlterModelOptions,
    AddTrigger,
    RemoveTrigger,
    InstallTriggers,
)


def model_of(operation: Any) -> str:
    """The model that an operation is about, in small letters; nothing for one about all of them."""
    if isinstance(operation, InstallTriggers):
        return ""
    name = operation.name if isinstance(operation, CreateModel | AlterModelOptions) else operation.model_name
    return str(name).lower()


def together(operations: Sequence[Operation]) -> list[Operation]:
    """The same operations, those on tables that follow each other as one.

    A field that is added or altered twice is so in two steps, and so is a table that is made and then changed: made
    together with the change it would have it already. What is not a change of a table stands alone.
    """
    grouped: list[Operation] = []
    group: list[Operation] = []
    settled: set[tuple[str, str]] = set()  # (model, field), or (model, "made ") for a new table

    def close() -> None:
        if group:
            grouped.append(Together(tuple(group)))
        group.clear()
        settled.clear()

    for one in operations:
        if not isinstance(one, (*TABLES, *FIELDS, *OTHERS)):
            close()
            grouped.append(one)
            continue
        name = model_of(one)
        field = (name, one.name.lower() if isinstance(one, FIELDS) else "")
        triggers = isinstance(one, AddTrigger | RemoveTrigger | InstallTriggers)
        if field in settled or (not triggers and (name, "made ") in settled):
            close()
        if isinstance(one, CreateModel):
            settled.add((name, "made "))
        elif isinstance(one, AddField | AlterField):
            settled.add(field)
        group.append(one)
    close()
    return grouped


def apply(executor: MigrationExecutor) -> None:
    """Apply the migrations that are missing, as Django's own command does."""
    targets = executor.loader.graph.leaf_nodes()
    executor.loader.check_consistent_history(executor.connection)
    plan = executor.migration_plan(targets)
    for migration, _ in plan:
        vars(migration)["operations"] = together(migration.operations)
    alias = executor.connection.alias
    emit_pre_migrate_signal(0, interactive=False, db=alias, apps=apps, plan=plan)
    executor.migrate(targets, plan)
    # All migrations are applied, so the program's own models are what the database has.
    emit_post_migrate_signal(0, interactive=False, db=alias, apps=apps, plan=plan)
