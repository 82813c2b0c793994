"""The questionnaires room."""

from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    name = "roder.questionnaires"
    label = "questionnaires"
    verbose_name = "Frågeformulär"
