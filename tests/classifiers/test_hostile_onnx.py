"""ONNX files of people who mean harm: no other file is opened, no unknown operator looked for."""

from pathlib import Path
from typing import Any

import onnx as onnx_format
import pytest
from onnx import TensorProto, helper

from classifiers import onnx_files
from classifiers.base import BadWeights
from classifiers.catalogue import load
from tests.classifiers.brought import bring, onnx, shapes


def model(*nodes: onnx_format.NodeProto, **fields: Any) -> onnx_format.ModelProto:
    image = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 32, 32])
    answer = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3])
    graph = helper.make_graph(list(nodes), "graph", [image], [answer], **fields)
    return helper.make_model(graph)


def elsewhere() -> onnx_format.TensorProto:
    tensor = helper.make_tensor("w", TensorProto.FLOAT, [3], [0.0] * 3)
    del tensor.float_data[:]
    tensor.data_location = TensorProto.EXTERNAL
    told = tensor.external_data.add()
    told.key, told.value = "location", "/etc/passwd"
    return tensor


def refused(told: onnx_format.ModelProto) -> str:
    with pytest.raises(BadWeights) as error:
        onnx_files.check_is_complete("net", told.SerializeToString())
    return str(error.value)


def test_numbers_in_other_files_are_refused() -> None:
    words = refused(model(initializer=[elsewhere()]))
    assert words.startswith("net: expected all numbers inside the ONNX file")


def test_also_in_a_node_of_a_graph_in_a_node() -> None:
    constant = helper.make_node("Constant", [], ["y"], value=elsewhere())
    inner = helper.make_graph([constant], "inner", [], [])
    branch = helper.make_node("If", ["x"], ["y"], then_branch=inner, else_branch=inner)
    assert "expected all numbers inside" in refused(model(branch))


def test_also_in_a_function() -> None:
    constant = helper.make_node("Constant", [], ["y"], value=elsewhere())
    whole = model()
    whole.functions.append(
        helper.make_function("own", "f", [], ["y"], [constant], [helper.make_opsetid("", 17)])
    )
    assert "expected all numbers inside" in refused(whole)


def test_a_whole_model_is_admitted_and_a_cut_one_is_not() -> None:
    content = onnx(shapes())
    onnx_files.check_is_complete("net", content)
    with pytest.raises(BadWeights, match="net: expected an ONNX file, got: "):
        onnx_files.check_is_complete("net", content[:-5])


def test_an_operator_of_somebodys_own_is_refused(folder: Path) -> None:
    node = helper.make_node("Run", ["x"], ["y"], domain="somebody")
    name = bring(folder, "net.onnx", model(node).SerializeToString())
    with pytest.raises(BadWeights, match="net: expected an ONNX model that onnxruntime"):
        load(name)
