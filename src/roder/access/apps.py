from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "roder.access"
    label = "access"
    verbose_name = "Behörighet"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Count logins from their start, and stop before anybody logs in when the identity file speaks of a role that
        does not exist."""
        from django.conf import settings  # noqa: PLC0415
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415

        from roder.access.limits import begin  # noqa: PLC0415
        from roder.access.matrix import RIGHTS  # noqa: PLC0415
        from roder.core.faults import UserFault  # noqa: PLC0415

        user_logged_in.connect(begin, dispatch_uid="roder.session_limits")
        for provider in settings.IDENTITY.providers:
            for rule in provider.groups:
                if rule.role not in RIGHTS:
                    raise UserFault(
                        f"identitet.yaml: providers[{provider.code}].groups: rollen ”{rule.role}” för gruppen "
                        f"”{rule.group}” finns inte. Välj något av {', '.join(sorted(RIGHTS))}."
                    )
