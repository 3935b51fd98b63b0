"""Reads and writes CloudFormation's YAML: the short tags (!Ref, !GetAtt, !Sub) become their long forms."""

from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """YAML 1.1 with CloudFormation's tags."""


class _Dumper(yaml.SafeDumper):
    """No anchors: each place says what it means."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  the base class's signature
        return True


def _short_tag(loader: yaml.Loader, suffix: str, node: yaml.Node) -> Json:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]  # the one kind that is left
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_tag)


def read(path: Path) -> Json:
    """One file."""
    loaded: Json = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506  a SafeLoader with tags that make dicts
    return loaded


def text(head: str, content: Json) -> str:
    """YAML with a comment on top, in the order given."""
    body = yaml.dump(content, Dumper=_Dumper, sort_keys=False, width=120, allow_unicode=True)
    return "".join(f"# {line}\n" for line in head.splitlines()) + body


def arn_of(logical_id: str) -> Json:
    """The ARN of a resource in the same template."""
    return {"Fn::GetAtt": [logical_id, "Arn"]}
