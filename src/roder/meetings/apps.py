"""The meetings room."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "roder.meetings"
    label = "meetings"
    verbose_name = "Sammanträden"

    def ready(self) -> None:
        """What has stood in a pack or in minutes is not removed from the files."""
        from roder import files  # noqa: PLC0415 - models must be ready
        from roder.meetings.services.documents import let_go_of  # noqa: PLC0415

        files.before_removal(let_go_of)
