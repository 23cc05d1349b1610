"""Train a classifier of this project from random weights."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from tqdm import tqdm

from classifiers.base import ClassifierError


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("network", choices=["lenet"])
        parser.add_argument("--seed", type=int, required=True)
        parser.add_argument(
            "--data", type=Path, required=True, help="folder with MNIST's IDX files"
        )
        parser.add_argument("--out", type=Path, required=True, help="a .safetensors file")
        parser.add_argument("--iterations", type=int, default=10_000)
        parser.add_argument(
            "--fooling", type=Path, help="folder of 28 x 28 pictures: an eleventh label, fooling"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        from classifiers import datasets, retraining, training

        out, extra = options["out"], options["fooling"]
        try:
            data, n_labels = datasets.mnist(options["data"]), 10
            if extra:
                retraining.check_name(out.stem)
                fooling = retraining.from_folder(extra, options["seed"])
                data, n_labels = retraining.with_fooling(data, fooling), len(retraining.LABELS)
            with tqdm(total=options["iterations"], unit="it", disable=None) as bar:

                def progress(iteration: int, total: int, loss: float) -> None:
                    bar.set_postfix(loss=f"{loss:.4f}", refresh=False)
                    bar.update(iteration - bar.n)

                trained = training.train_lenet(
                    data,
                    options["seed"],
                    iterations=options["iterations"],
                    n_labels=n_labels,
                    progress=progress,
                )
            if extra:
                retraining.publish(trained, out.parent, out.stem, f"LeNet retrained ({out.stem})")
            else:
                training.save(trained, out)
        except (ClassifierError, OSError) as error:
            raise CommandError(str(error)) from None
        self._report(trained.record, options)

    def _report(self, record: Any, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({"out": str(options["out"]), "error": record.test_error}))
        else:
            shown = "pictures" if options["fooling"] else "digits"
            self.stdout.write(
                f"{record.test_error:.2%} of the test {shown} are wrong; "
                f"{record.seconds:.0f} s; written to {options['out']}"
            )
