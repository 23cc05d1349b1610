import uuid

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("preset", models.CharField(max_length=64)),
                (
                    "parameters",
                    models.JSONField(
                        help_text="The preset, verbatim, as it was when the run started."
                    ),
                ),
                ("encoding", models.CharField(max_length=32)),
                ("algorithm", models.CharField(max_length=32)),
                ("classifier", models.CharField(max_length=64)),
                ("classifier_version", models.CharField(max_length=64)),
                ("seed", models.BigIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("paused", "Paused"),
                            ("finished", "Finished"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=16,
                    ),
                ),
                (
                    "generation",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="The next to evaluate. 0 is the random initial population.",
                    ),
                ),
                (
                    "planned",
                    models.PositiveIntegerField(
                        help_text="Generations of children after the initial one."
                    ),
                ),
                (
                    "pace",
                    models.FloatField(
                        blank=True,
                        help_text="Generations a second at most; empty: as fast as it goes.",
                        null=True,
                    ),
                ),
                ("evaluations", models.BigIntegerField(default=0)),
                (
                    "elapsed",
                    models.FloatField(default=0, help_text="Seconds of work, pauses left out."),
                ),
                (
                    "forward_seconds",
                    models.FloatField(default=0, help_text="Of these, inside the network."),
                ),
                ("error", models.TextField(blank=True)),
                (
                    "submission",
                    models.UUIDField(
                        default=uuid.uuid4, help_text="A form posted twice starts one run."
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("heartbeat", models.DateTimeField(blank=True, null=True)),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Slices begun since the last commit."
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Individual",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("generation", models.PositiveIntegerField()),
                (
                    "position",
                    models.PositiveIntegerField(
                        help_text="Its place in the batch of its generation."
                    ),
                ),
                ("encoding", models.CharField(max_length=32)),
                (
                    "genome",
                    models.BinaryField(
                        help_text="Versioned packed bytes; null once pruned.", null=True
                    ),
                ),
                (
                    "selected_by",
                    models.CharField(
                        choices=[
                            ("person", "Person"),
                            ("network", "Network"),
                            ("random", "Random"),
                            ("hand edit", "Hand Edit"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "mate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="evolution.individual",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="children",
                        to="evolution.individual",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="individuals",
                        to="evolution.run",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Elite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cell", models.PositiveIntegerField()),
                (
                    "label",
                    models.PositiveIntegerField(
                        help_text="Index of the label that the cell stands for."
                    ),
                ),
                (
                    "confidence",
                    models.FloatField(help_text="Softmax probability of the label, 0 to 1."),
                ),
                ("since_generation", models.PositiveIntegerField()),
                ("until_generation", models.PositiveIntegerField(null=True)),
                ("taken_at", models.DateTimeField()),
                (
                    "individual",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="reigns",
                        to="evolution.individual",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="elites",
                        to="evolution.run",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RunStatistics",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("generation", models.PositiveIntegerField()),
                ("median", models.FloatField()),
                ("mean", models.FloatField()),
                ("minimum", models.FloatField()),
                ("maximum", models.FloatField()),
                ("takeovers", models.PositiveIntegerField()),
                ("evaluations", models.BigIntegerField()),
                ("elapsed", models.FloatField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="statistics",
                        to="evolution.run",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "run statistics",
            },
        ),
        migrations.CreateModel(
            name="Prediction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("classifier", models.CharField(max_length=64)),
                ("version", models.CharField(max_length=64)),
                (
                    "top",
                    models.JSONField(
                        help_text="[[label index, confidence], ...], most confident first."
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "individual",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="predictions",
                        to="evolution.individual",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("individual", "classifier", "version"),
                        name="prediction_once_per_classifier_version",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["status", "heartbeat"], name="run_watchdog"),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "generation__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("planned"), "+", models.Value(1)
                        ),
                    )
                ),
                name="run_generation_within_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("planned__gte", 1)), name="run_plans_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("seed__gte", 0)), name="run_seed_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["queued", "running", "paused"]),
                    ("finished_at__isnull", False),
                    _connector="OR",
                ),
                name="run_ended_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                fields=("submission", "seed"), name="run_once_per_submission"
            ),
        ),
        migrations.AddConstraint(
            model_name="individual",
            constraint=models.UniqueConstraint(
                fields=("run", "generation", "position"), name="individual_once_per_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="individual",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("mate__isnull", True), ("parent__isnull", False), _connector="OR"
                ),
                name="individual_mate_needs_parent",
            ),
        ),
        migrations.AddIndex(
            model_name="elite",
            index=models.Index(
                condition=models.Q(("until_generation__isnull", True)),
                fields=["run", "label", "-confidence"],
                name="elite_best_of_label",
            ),
        ),
        migrations.AddIndex(
            model_name="elite",
            index=models.Index(fields=["run", "since_generation"], name="elite_changes"),
        ),
        migrations.AddIndex(
            model_name="elite",
            index=models.Index(
                condition=models.Q(("until_generation__isnull", True)),
                fields=["-taken_at", "-id"],
                name="elite_newest_holders",
            ),
        ),
        migrations.AddIndex(
            model_name="elite",
            index=models.Index(
                condition=models.Q(("until_generation__isnull", True)),
                fields=["-confidence", "-id"],
                name="elite_surest_holders",
            ),
        ),
        migrations.AddConstraint(
            model_name="elite",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until_generation__isnull", True)),
                fields=("run", "cell"),
                name="elite_one_holder_per_cell",
            ),
        ),
        migrations.AddConstraint(
            model_name="elite",
            constraint=models.UniqueConstraint(
                fields=("run", "cell", "since_generation"), name="elite_one_takeover_per_generation"
            ),
        ),
        migrations.AddConstraint(
            model_name="elite",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__gte", 0), ("confidence__lte", 1)),
                name="elite_confidence_is_probability",
            ),
        ),
        migrations.AddConstraint(
            model_name="elite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_generation__isnull", True),
                    ("until_generation__gt", models.F("since_generation")),
                    _connector="OR",
                ),
                name="elite_reign_runs_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="runstatistics",
            constraint=models.UniqueConstraint(
                fields=("run", "generation"), name="statistics_once_per_generation"
            ),
        ),
    ]
