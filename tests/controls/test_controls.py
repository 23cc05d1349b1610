"""Pictures with known content: what is shipped, and what is made of it."""

import re

import numpy as np
import pytest

from classifiers.labels import DIGITS, imagenet
from evolution.controls import (
    CONTRASTS,
    NOISE_WIDTHS,
    Control,
    Domain,
    checks,
    degraded,
    noise,
    photographs,
    practice,
)
from evolution.controls.clean import PHOTOGRAPHS, PICTURES, PRACTICE
from tests.classifiers.sample import real_digits

LABELS = {Domain.PHOTOGRAPHS: imagenet().names, Domain.DIGITS: DIGITS.names}


def everything(domain: Domain) -> list[Control]:
    rng = np.random.default_rng(7)
    made = [*degraded(domain, rng), *noise(domain, 12, rng)]
    return [*photographs(domain), *practice(domain), *checks(domain), *made]


def named(controls: list[Control]) -> dict[str, Control]:
    return {control.name: control for control in controls}


@pytest.mark.parametrize("domain", Domain)
class TestEveryControl:
    def test_the_domain_names_its_label_set(self, domain: Domain) -> None:
        assert str(domain) == {DIGITS.names: DIGITS.name}.get(LABELS[domain], "imagenet")

    def test_has_the_shape_of_what_is_bred(self, domain: Domain) -> None:
        for control in everything(domain):
            assert control.pixels.shape == domain.shape, control.name
            assert control.pixels.dtype == np.uint8

    def test_has_labels_that_are_in_the_set(self, domain: Domain) -> None:
        for control in everything(domain):
            assert set(control.truth) <= set(LABELS[domain]), control.name
            assert bool(control.truth) == (control.kind != "noise"), control.name

    def test_has_a_name_of_its_own(self, domain: Domain) -> None:
        controls = everything(domain)
        assert len(named(controls)) == len(controls)

    def test_practice_shows_nothing_that_is_judged(self, domain: Domain) -> None:
        judged = {control.pixels.tobytes() for control in photographs(domain)}
        assert not {control.pixels.tobytes() for control in practice(domain)} & judged

    def test_the_same_seed_makes_the_same_pictures(self, domain: Domain) -> None:
        for one, again in zip(everything(domain), everything(domain), strict=True):
            assert one.name == again.name
            assert np.array_equal(one.pixels, again.pixels)

    def test_another_seed_makes_other_noise(self, domain: Domain) -> None:
        one, other = (noise(domain, 4, np.random.default_rng(seed)) for seed in (1, 2))
        for a, b in zip(one, other, strict=True):
            assert not np.array_equal(a.pixels, b.pixels)


class TestDigits:
    def test_three_of_each_class_as_mnist_has_them(self) -> None:
        images, labels = real_digits()  # the first twenty of each class of the same test set
        for control in [*photographs(Domain.DIGITS), *practice(Domain.DIGITS)]:
            of_class = images[labels == int(control.truth[0])]
            assert any(np.array_equal(control.pixels / np.float32(255), one) for one in of_class)
        found = [control.truth[0] for control in photographs(Domain.DIGITS)]
        assert sorted(found) == sorted("0123456789" * 3)


class TestPhotographs:
    def test_readme_has_a_row_for_each_with_the_same_labels(self) -> None:
        text = (PICTURES.parent / "README.md").read_text()
        rows = re.findall(r"^\| `([\w-]+)\.webp` \| [^|]+ \| ([^|]+) \|", text, re.MULTILINE)
        listed = {name: tuple(labels.split(", ")) for name, labels in rows}
        assert listed == PHOTOGRAPHS | PRACTICE
        assert {path.stem for path in PICTURES.glob("*.webp")} == set(listed)

    def test_they_are_small(self) -> None:
        assert sum(path.stat().st_size for path in PICTURES.iterdir()) < 600_000

    def test_no_file_carries_metadata(self) -> None:
        for path in PICTURES.iterdir():
            content = path.read_bytes()
            assert not any(
                word in content for word in (b"EXIF", b"XMP ", b"ICCP", b"tEXt", b"eXIf")
            )


class TestDegraded:
    @pytest.mark.parametrize("contrast", CONTRASTS)
    def test_contrast_is_reduced_towards_middle_grey(self, contrast: float) -> None:
        clean = named(photographs(Domain.PHOTOGRAPHS))["panda"].pixels.astype(float)
        versions = named(degraded(Domain.PHOTOGRAPHS, np.random.default_rng(1)))
        found = versions[f"panda, contrast {contrast:.0%}"].pixels
        np.testing.assert_allclose(found - 127.5, (clean - 127.5) * contrast, atol=0.51)

    @pytest.mark.parametrize("width", NOISE_WIDTHS)
    def test_noise_is_uniform_and_of_the_width_stated(self, width: float) -> None:
        clean = named(photographs(Domain.PHOTOGRAPHS))["panda"].pixels.astype(float)
        versions = named(degraded(Domain.PHOTOGRAPHS, np.random.default_rng(1)))
        added = versions[f"panda, noise {width:g}"].pixels / 255 - (clean / 255 - 0.5) * 0.3 - 0.5
        assert np.abs(added).max() <= width + 0.003
        assert added.std() == pytest.approx(width / np.sqrt(3), rel=0.02)
        assert abs(added.mean()) < 0.005

    def test_truth_and_number(self) -> None:
        for domain in Domain:
            clean = photographs(domain)
            made = degraded(domain, np.random.default_rng(1))
            assert len(made) == len(clean) * (len(CONTRASTS) + len(NOISE_WIDTHS))
            truths = {control.name: control.truth for control in clean}
            assert all(one.truth == truths[one.name.rpartition(", ")[0]] for one in made)


class TestNoise:
    def test_a_scrambled_photograph_keeps_its_spectrum_and_loses_its_shapes(self) -> None:
        clean = named(photographs(Domain.PHOTOGRAPHS))
        made = noise(Domain.PHOTOGRAPHS, 8, np.random.default_rng(3))
        scrambled = [control for control in made if "phases" in control.name]
        assert len(scrambled) == 4
        for control in scrambled:
            source = clean[control.name.split(" with ")[0]].pixels.astype(float)
            before, after = (_spectrum(pixels) for pixels in (source, control.pixels.astype(float)))
            # Cutting to bytes changes the spectrum a little.
            assert np.corrcoef(np.log(before[1:40]), np.log(after[1:40]))[0, 1] > 0.97
            assert abs(np.corrcoef(source.ravel(), control.pixels.ravel())[0, 1]) < 0.6

    def test_a_shuffled_digit_has_the_same_pixels_elsewhere(self) -> None:
        clean = named(photographs(Domain.DIGITS))
        made = noise(Domain.DIGITS, 8, np.random.default_rng(3))
        shuffled = [control for control in made if "shuffled" in control.name]
        assert len(shuffled) == 4
        for control in shuffled:
            source = clean[control.name.split(" shuffled")[0]].pixels
            assert np.array_equal(np.sort(control.pixels, axis=None), np.sort(source, axis=None))
            assert not np.array_equal(control.pixels, source)

    def test_uniform_noise_uses_every_level_alike(self) -> None:
        (control, *_) = noise(Domain.PHOTOGRAPHS, 1, np.random.default_rng(3))
        counts = np.bincount(control.pixels.reshape(-1), minlength=256)
        expected = control.pixels.size / 256
        assert np.abs(counts - expected).max() < 5 * np.sqrt(expected)


def _spectrum(pixels: np.typing.NDArray[np.float64]) -> np.typing.NDArray[np.float64]:
    """Mean amplitude by distance from the middle of the spectrum."""
    amplitudes = np.abs(np.fft.fft2(pixels.mean(axis=2)))
    frequencies = np.fft.fftfreq(pixels.shape[0]) * pixels.shape[0]
    distance = np.hypot(frequencies[:, None], frequencies[None, :]).round().astype(int)
    sums = np.bincount(distance.ravel(), amplitudes.ravel())
    return np.asarray(sums / np.bincount(distance.ravel()))
