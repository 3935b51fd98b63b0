"""Functions as Lambda runs them, in this process: a line of JSON in, its result and the CPU time since the start out.

Run by the interpreter alone (-I -S): what a function needs comes from its folder and the layers, given as arguments.
Nothing may be imported here that a function would not have to pay for itself.
"""

import json
import os
import sys
import time
from types import ModuleType
from typing import Any


class Context:
    """What Lambda tells about an invocation, as far as the product looks."""

    aws_request_id = "cold-start"


def load(handler: str) -> ModuleType:
    """The function's module, from its bytecode where there is one."""
    from importlib.util import module_from_spec, spec_from_file_location  # noqa: PLC0415 - importlib has it anyway

    spec = spec_from_file_location(f"handler_{abs(hash(handler))}", handler)
    if spec is None or spec.loader is None:
        raise ImportError(handler)
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """{"handler": path, "event": ...} a line; answers {"result", "cpu_seconds"} a line."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what functions print is no answer
    sys.path[:0] = sys.argv[1:]
    known: dict[str, Any] = {}
    for line in sys.stdin:
        order = json.loads(line)
        path = order["handler"]
        if path not in known:
            known[path] = load(path)
        result = known[path].aws(order["event"], Context())
        answers.write(json.dumps({"result": result, "cpu_seconds": time.process_time()}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
