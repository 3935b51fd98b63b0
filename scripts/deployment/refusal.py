"""How a deployment says no: one line that names what is wrong and what to do."""

from botocore.exceptions import ClientError


class Refused(Exception):
    """Something is missing or not allowed; the text is one line for whoever deploys."""


def code_of(error: ClientError) -> str:
    """The service's code and text, which name the call and the permission."""
    answer = error.response.get("Error", {})
    return " ".join(f"{answer.get('Code', '')}: {answer.get('Message', '')}".split())
