from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "roder.reports"
    label = "reports"
    verbose_name = "Rapporter"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A case with a report of a negative forecast is not decided without a recovery plan."""
        from roder.meetings.services.case_moves import before_decision  # noqa: PLC0415 - models must be ready
        from roder.reports.deciding import hindrance  # noqa: PLC0415

        before_decision(hindrance)
