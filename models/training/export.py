"""A trained model as one ONNX graph: features [1, n, F] in, chances [n, 4] out, all members averaged inside."""

from typing import Any

import numpy as np
import onnx
from numpy.typing import ArrayLike, NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET, IR_VERSION = 17, 8  # old enough for every onnxruntime of the last years


class Graph:
    """Nodes and constants of a graph, named by the order in which they come; what is asked for twice is there once."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._known: dict[object, str] = {}

    def constant(self, values: ArrayLike, dtype: type = np.float32) -> str:
        """The name of a constant."""
        array: NDArray[Any] = np.array(values, dtype=dtype, order="C")
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self._known:
            self._known[key] = f"c{len(self._constants)}"
            self._constants.append(numpy_helper.from_array(array, self._known[key]))
        return self._known[key]

    def add(self, operation: str, *inputs: str, domain: str = "", **attributes: object) -> str:
        """Append one operation; the name of what it gives."""
        key = (operation, inputs, domain, repr(sorted(attributes.items())))
        if key not in self._known:
            name = self._known[key] = f"n{len(self._nodes)}"
            self._nodes.append(helper.make_node(operation, list(inputs), [name], name=name, domain=domain, **attributes))
        return self._known[key]

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
