from typing import Any

from django.db import migrations, models


def say_what_was_looked_at(apps: Any, _schema_editor: Any) -> None:
    """Runs keep their preset verbatim; those of before were all shown whole pictures."""
    for run in apps.get_model("evolution", "Run").objects.iterator():
        if "crops" not in run.parameters:
            sources = run.parameters.get("sources", {})
            run.parameters = {
                **run.parameters,
                "crops": "whole",
                "sources": {**sources, "crops": "the only way when the run was started"},
            }
            run.save(update_fields=["parameters"])


class Migration(migrations.Migration):
    dependencies = [("evolution", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="individual",
            name="thumbnail",
            field=models.BinaryField(
                help_text="A small WebP of pictures that are large; outlives the genome.", null=True
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="is_background",
            field=models.BooleanField(
                default=False, help_text="Works only while no other run is active."
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="notice",
            field=models.TextField(
                blank=True, default="", help_text="What went on otherwise than planned."
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="run",
            name="classifier",
            field=models.CharField(help_text="Members of an ensemble: a+b.", max_length=200),
        ),
        migrations.AlterField(
            model_name="prediction",
            name="classifier",
            field=models.CharField(max_length=200),
        ),
        migrations.RunPython(say_what_was_looked_at, migrations.RunPython.noop),
    ]
