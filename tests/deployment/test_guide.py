"""docs/deploy.md: whoever deploys finds there what may be chosen, and every command it names exists."""

import re
from pathlib import Path

import pytest
import yaml

from scripts.manifest.cloudformation import read

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "deploy.md").read_text()
FRAME = (ROOT / "serverless.yml").read_text()
# Set by what deploys, not by who does: the region, the artefacts, the digest, and the site's address from its name.
NOT_CHOSEN = {"AWS_REGION", "ORIGIN_SECRET_SHA256", "SITE_URL", "SMARTALARM_ARCHITECTURE", "SMARTALARM_RUNTIME"}


@pytest.mark.parametrize("name", sorted(set(re.findall(r"env:([A-Z_0-9]+)", FRAME)) - NOT_CHOSEN))
def test_every_choice_is_explained(name: str) -> None:
    """With what it costs, in the same row."""
    assert re.search(rf"^\|.*`{name}(=yes)?`.*\|.*\|.*\|$", GUIDE, re.MULTILINE), name


@pytest.mark.parametrize("command", sorted(set(re.findall(r"(?:^|`|&& )make ([a-z]+)\b", GUIDE, re.MULTILINE))))
def test_every_command_it_names_exists(command: str) -> None:
    """As people type it."""
    assert re.search(rf"^{command}:.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_every_parameter_of_the_template_can_be_chosen() -> None:
    """One that serverless.yml does not pass on would keep its default for ever."""
    parameters = {
        **read(ROOT / "infra/aws/resources.yml")["Parameters"],
        **read(ROOT / "infra/aws/environment.yml")["Parameters"],
    }
    passed = set(re.findall(r"^      (\w+): \{ Default: ", FRAME, re.MULTILINE))
    assert parameters.keys() - passed == set()


def test_options_that_cost_money_are_off_and_say_their_price() -> None:
    """In the template itself, where the switch is."""
    text = (ROOT / "infra/aws/resources.yml").read_text()
    options = yaml.safe_load(re.sub(r"!\w+", "", text[text.index("Parameters:") : text.index("Conditions:")]))["Parameters"]
    for name, default in (("WebAclArn", ""), ("AlarmEmail", ""), ("ExtraAlarms", "no")):
        assert options[name]["Default"] == default
        assert re.search(r"USD|free", options[name]["Description"])
