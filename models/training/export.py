"""A trained model as one ONNX graph: features [1, n, F] in, chances [n, 4] out, all members averaged inside."""

import numpy as np
import onnx
from numpy.typing import ArrayLike
from onnx import TensorProto, helper, numpy_helper

OPSET, IR_VERSION = 17, 8  # old enough for every onnxruntime of the last years


class Graph:
    """Nodes and constants of a graph, named by the order in which they come."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def constant(self, values: ArrayLike, dtype: type = np.float32) -> str:
        """The name of a constant."""
        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(np.asarray(values, dtype=dtype)), name))
        return name

    def add(self, operation: str, *inputs: str, domain: str = "", **attributes: object) -> str:
        """Append one operation; the name of what it gives."""
        name = f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(operation, list(inputs), [name], name=name, domain=domain, **attributes))
        return name

    def finish(self, output: str, features: int) -> bytes:
        """The file's bytes; the same for the same members."""
        self._nodes.append(helper.make_node("Identity", [output], ["probabilities"], name="out"))
        graph = helper.make_graph(
            self._nodes,
            "sleep",
            [helper.make_tensor_value_info("features", TensorProto.FLOAT, [1, "n", features])],
            [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", 4])],
            self._constants,
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", 3)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="smartalarm")
        onnx.checker.check_model(model)
        data: bytes = model.SerializeToString(deterministic=True)
        return data
