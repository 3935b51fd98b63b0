"""The OpenAPI document of the sample functions, and of the product's own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from smartalarm.accounts.access import CurrentUser
from smartalarm.catalog import load_functions
from smartalarm.function import declaration_of, endpoint
from smartalarm.http import Reply, Request
from smartalarm.openapi import build_document

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "hosts" / "sample_functions"


def references(value: Any) -> list[str]:
    """Every $ref inside."""
    if isinstance(value, dict):
        return [found for key, part in value.items() for found in ([part] if key == "$ref" else references(part))]
    return [found for part in value for found in references(part)] if isinstance(value, list) else []


@pytest.mark.parametrize("root", [SAMPLES, ROOT / "functions"], ids=["samples", "product"])
def test_the_document_is_valid_and_every_reference_leads_somewhere(root: Path) -> None:
    """OpenAPI 3.1's own schema accepts it, it is plain JSON, and no definition stays hidden in a corner."""
    document = build_document(load_functions(root))
    assert [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(document)] == []
    text = json.dumps(document)
    assert "$defs" not in text
    assert json.loads(text) == document
    for reference in references(document):
        kind, name = reference.removeprefix("#/components/").split("/")
        assert name in document["components"][kind], reference


def test_an_operation_says_what_it_takes_answers_and_refuses() -> None:
    """All from the signature, the docstring and the readers."""
    operation = build_document(load_functions(SAMPLES))["paths"]["/api/v1/people/{person}/greetings"]["post"]
    assert operation["operationId"] == "greet_person"
    assert operation["summary"] == "Greet somebody."
    assert operation["description"] == "Version 7 is the only one there is."
    assert operation["tags"] == ["people"]
    assert {(p["in"], p["name"]): p["required"] for p in operation["parameters"]} == {
        ("path", "person"): True,
        ("query", "tone"): False,
        ("header", "If-Match"): False,
    }
    assert operation["parameters"][1]["schema"] == {"type": "string", "enum": ["warm", "cool"]}
    assert operation["requestBody"]["required"] is True
    assert set(operation["responses"]) == {"201", "400", "404", "409", "413", "415", "422", "503"}
    assert set(operation["responses"]["201"]["headers"]) == {"ETag"}


def test_only_the_version_of_a_document_becomes_an_etag() -> None:
    """That of a model is a text, and says nothing about what was stored."""
    paths = build_document(load_functions(ROOT / "functions"))["paths"]
    assert "headers" not in paths["/api/v1/sleep/analyze"]["post"]["responses"]["200"]
    assert set(paths["/api/v1/me"]["get"]["responses"]["200"]["headers"]) == {"ETag"}


def test_limits_of_the_models_are_in_the_schemas() -> None:
    """What would be refused can be known beforehand."""
    schema = build_document(load_functions(SAMPLES))["components"]["schemas"]["NewGreeting"]
    assert schema["properties"] == {
        "text": {"type": "string", "minLength": 1, "maxLength": 50},
        "times": {"type": "integer", "minimum": 1, "maximum": 3, "default": 1},
    }
    assert schema["additionalProperties"] is False


def test_errors_are_problem_json_with_their_headers() -> None:
    """RFC 9457, the same for every operation."""
    components = build_document(load_functions(SAMPLES))["components"]
    unavailable = components["responses"]["Unavailable"]
    assert unavailable["content"] == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert set(unavailable["headers"]) == {"Retry-After"}


class Thing(BaseModel):
    """Both sent and answered, with a default."""

    size: int = 1


@endpoint("PUT", "/api/v1/things/{id}", also=(201,))
def put_thing(id: str, body: Thing, user: CurrentUser) -> Reply[Thing]:  # noqa: A002, ARG001  only the signature matters
    """Keep a thing."""
    return Reply(body, 201)


@endpoint("DELETE", "/api/v1/things/{id}", status=204)
def delete_thing(id: str, user: CurrentUser) -> None:  # noqa: A002  only the signature matters
    """Drop a thing."""


def test_what_we_send_always_has_all_its_fields() -> None:
    """A default makes a field optional in a request, never in an answer: typed clients need no guard."""
    document = build_document([declaration_of(put_thing)])
    schemas = document["components"]["schemas"]
    assert "required" not in schemas["Thing-Input"]
    assert schemas["Thing-Output"]["required"] == ["size"]


def test_each_further_status_is_documented_with_the_same_body() -> None:
    """PUT answers 200 or 201."""
    responses = build_document([declaration_of(put_thing)])["paths"]["/api/v1/things/{id}"]["put"]["responses"]
    assert responses["200"]["content"] == responses["201"]["content"]


def test_a_guarded_operation_asks_for_the_bearer_token() -> None:
    """And documents 401 with its header, and 204 without a body."""
    document = build_document([declaration_of(delete_thing)])
    operation = document["paths"]["/api/v1/things/{id}"]["delete"]
    assert operation["security"] == [{"bearer": []}]
    assert set(document["components"]["securitySchemes"]) == {"bearer"}
    assert operation["responses"]["401"] == {"$ref": "#/components/responses/Unauthenticated"}
    assert set(document["components"]["responses"]["Unauthenticated"]["headers"]) == {"WWW-Authenticate"}
    assert operation["responses"]["204"] == {"description": "Done."}


class Mistyped:
    """A reader whose `openapi` has a typo."""

    openapi: ClassVar[dict[str, Any]] = {"parameter": []}

    @classmethod
    def from_request(cls, request: Request) -> "Mistyped":  # noqa: ARG003  never called
        """Nothing."""
        return cls()


def test_a_typo_in_a_readers_openapi_is_an_error() -> None:
    """It would otherwise just be missing from the document."""

    @endpoint("GET", "/api/v1/x", public=True)
    def read_typo(_reader: Mistyped) -> None:
        """Nothing."""

    with pytest.raises(ValueError, match=r"Mistyped\.openapi: \['parameter'\]"):
        build_document([declaration_of(read_typo)])


def test_the_committed_document_is_up_to_date() -> None:
    """`scripts/openapi.py --check` says so, as it does in the checks."""
    result = subprocess.run(
        [sys.executable, "scripts/openapi.py", "--check"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")
