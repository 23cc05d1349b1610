from typing import Any

from django.db import migrations, models


def keep_forward_seconds(apps: Any, _schema_editor: Any) -> None:
    """Of runs of before, only the seconds inside the network are known."""
    for run in apps.get_model("evolution", "Run").objects.exclude(forward_seconds=0).iterator():
        run.stages = {"forward": run.forward_seconds}
        run.save(update_fields=["stages"])


def bring_forward_seconds_back(apps: Any, _schema_editor: Any) -> None:
    for run in apps.get_model("evolution", "Run").objects.iterator():
        run.forward_seconds = run.stages.get("forward", 0.0)
        run.save(update_fields=["forward_seconds"])


class Migration(migrations.Migration):
    dependencies = [("evolution", "0002_large_pictures")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="stages",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Seconds of this work by stage of the loop.",
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="screening",
            field=models.CharField(
                blank=True,
                choices=[("bfloat16", "Bfloat16")],
                default="",
                help_text="All children are judged in this precision first; takeovers are scored in float32.",
                max_length=16,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="run",
            name="rescored",
            field=models.BigIntegerField(
                default=0, help_text="Genomes judged again after the screening."
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="engine",
            field=models.CharField(
                blank=True,
                default="",
                help_text="What computes its networks.",
                max_length=200,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="run",
            name="chunk",
            field=models.PositiveIntegerField(
                blank=True, null=True, help_text="Views that go through a network at once."
            ),
        ),
        migrations.RunPython(keep_forward_seconds, bring_forward_seconds_back),
        migrations.RemoveField(model_name="run", name="forward_seconds"),
    ]
