"""What a classifier says of a picture. What people say is another table, never mixed with this one."""

from django.db import models

from evolution.models.runs import Individual


class Prediction(models.Model):
    """The most confident labels of one version of a classifier for one individual."""

    TOP = 10

    individual = models.ForeignKey(
        Individual, on_delete=models.DO_NOTHING, related_name="predictions"
    )
    classifier = models.CharField(max_length=200)
    version = models.CharField(max_length=64)
    top = models.JSONField(help_text="[[label index, confidence], ...], most confident first.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["individual", "classifier", "version"],
                name="prediction_once_per_classifier_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.classifier} on No. {self.individual_id}"
