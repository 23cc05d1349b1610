"""Small files as Picbreeder and CPPN-X write them, made for these tests."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

SQUARE = """<?xml version="1.0" encoding="UTF-8"?>
<data version="1.0">
  <genome age="7" phenotype="{phenotype}">
    <identifier branch="3" id="9"/>
    <parents count="1"><identifier branch="2" id="4"/></parents>
    <nodes count="1">{nodes}</nodes>
    <links count="99">{links}</links>
  </genome>
</data>
"""
INPUTS = (("x", "1:0"), ("y", "1:1"), ("d", "1:2"), ("bias", "1:3"))


def node(mark: str, activation: str, kind: str = "hidden", label: str = "", part: str = "") -> str:
    branch, number = mark.split(":")
    attributes = f' label="{label}"' * bool(label) + f' affinity="{part}"' * bool(part)
    return (
        f'<node type="{kind}"{attributes} bias="0.0">'
        f'<marking branch="{branch}" id="{number}"/>'
        f"<activation>{activation}(x)</activation></node>"
    )


def link(mark: str, source: str, target: str, weight: float) -> str:
    ends = zip(("marking", "source", "target"), (mark, source, target), strict=True)
    inner = "".join(
        '<{} branch="{}" id="{}"/>'.format(tag, *place.split(":")) for tag, place in ends
    )
    return f"<link>{inner}<weight>{weight!r}</weight></link>"


def inputs(part: str = "") -> str:
    return "".join(node(mark, "identity", "in", label, part) for label, mark in INPUTS)


def document(nodes: str, links: str, phenotype: str = "color") -> bytes:
    return SQUARE.format(nodes=nodes, links=links, phenotype=phenotype).encode()


def ink(links: str = "", hidden: str = "") -> bytes:
    """A grey picture; its output is 1:4."""
    output = node("1:4", "gaussian", "out", "ink")
    return document(output + hidden + inputs(), links, "grey")


def colour(part: str = "grey", phenotype: str = "color") -> bytes:
    """The brightness 1:6 feeds the hidden colour node 2:4, whose id an output of branch 1 has too."""
    tint = "color" if part else ""
    nodes = (
        inputs(part)
        + node("1:4", "sin", "out", "hue", tint)
        + node("1:5", "sigmoid", "out", "saturation", tint)
        + node("1:6", "cos", "out", "brightness", part)
        + node("2:4", "identity", "hidden", "", tint)
    )
    links = (
        link("1:7", "1:0", "1:6", 1.0)
        + link("2:8", "1:6", "2:4", -0.5)
        + link("2:9", "2:4", "1:4", 3.0)
        + link("3:9", "1:3", "1:5", 2.0)
        + link("3:10", "1:3", "1:5", 0.1)
    )
    return document(nodes, links, phenotype)


def cppn_x(content: bytes) -> bytes:
    """What CPPN-X saves: a second root before the first, and extras inside."""
    text = content.decode().replace('age="7"', 'age="unknown"')
    text = re.sub(
        "<weight>(.*?)</weight>", r"<weight>\1</weight><original-weight>\1</original-weight>", text
    )
    declaration, rest = text.split("\n", 1)
    extras = "<cppn-data><buttons/><nodeviews><node><position/></node></nodeviews></cppn-data>"
    return f"{declaration}\n{extras}\n{rest}".encode()


def zipped(*contents: bytes) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents):
            archive.writestr(f"rep{number}", content)
    return file.getvalue()
