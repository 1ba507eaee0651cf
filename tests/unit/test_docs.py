"""What the documents name exists, and what exists is documented."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter, RequestRedirect

from api.app import create_app
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.cli.main import VERBS
from tests.operations_guide import blocks

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    *(ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md") if (ROOT / name).exists()),
    ROOT / "CHANGELOG.md",
    ROOT / "seeds" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
TEXTS = {document.relative_to(ROOT): document.read_text(encoding="utf-8") for document in DOCUMENTS}
every_document = pytest.mark.parametrize("document", TEXTS, ids=str)


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> MapAdapter:
    place = tmp_path_factory.mktemp("docs")
    settings = Settings(data_dir=place, database_url=f"sqlite:///{place}/ledger.db")
    return create_app(Container(settings)).url_map.bind("localhost")


@every_document
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", TEXTS[document])
    assert [link for link in links if not (ROOT / document.parent / link).exists()] == []


@every_document
def test_every_command_that_a_document_names_exists(document: Path) -> None:
    named = set(re.findall(r"(?:`|\bbin/|^)entente ([a-z]+)", TEXTS[document], re.MULTILINE))
    assert named <= set(VERBS)


@every_document
def test_every_make_target_that_a_document_names_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", TEXTS[document], re.MULTILINE)) <= targets


@every_document
def test_every_file_that_a_document_names_exists(document: Path) -> None:
    named = re.findall(r"`((?:entente|api|worker|schemas|seeds|tests|docs|training|deploy)/[\w./-]*)`", TEXTS[document])
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_command_is_in_the_readme() -> None:
    readme = TEXTS[Path("README.md")]
    assert [verb for verb in VERBS if not re.search(rf"entente {verb}\b", readme)] == []


def test_every_command_of_the_operations_guide_is_run() -> None:
    tests = [ROOT / "tests" / name for name in ("e2e/test_operations.py", "prove/test_containers.py")]
    source = "".join(path.read_text(encoding="utf-8") for path in tests)
    run = re.findall(r'run_commands\(?,?\s*"([^"]+)", (\d+)', source)
    written = {(heading, number) for heading, parts in blocks().items() for number in range(len(parts))}
    assert {(heading, int(number)) for heading, number in run} == written


@every_document
def test_every_setting_that_a_document_names_exists(document: Path) -> None:
    if document.name == "CHANGELOG.md" or document.parent.name == "adr":
        pytest.skip("tells of settings that there were")
    code = [
        *ROOT.glob("entente/**/*.py"),
        *ROOT.glob("tests/**/*.py"),
        ROOT / "docker-compose.yml",
        ROOT / ".env.example",
    ]
    known = "".join(path.read_text(encoding="utf-8") for path in code)
    named = set(re.findall(r"\bENTENTE_[A-Z]+(?:_[A-Z]+)*\b", TEXTS[document]))
    assert sorted(name for name in named if name not in known) == []


@every_document
def test_every_endpoint_that_a_document_names_exists(document: Path, routes: MapAdapter) -> None:
    named = re.findall(
        r"\b(GET|POST|PUT|PATCH|DELETE) (/(?:v1|readyz|healthz|openapi)[\w{}<>/.:…→-]*)", TEXTS[document]
    )
    missing = []
    for method, path in named:
        try:
            routes.match(re.sub(r"[{<][^}>]*[}>]", "x", path), method)
        except (NotFound, MethodNotAllowed):
            missing.append(f"{method} {path}")
        except RequestRedirect:
            pass
    assert missing == []


def test_the_list_of_endpoints_has_every_one(routes: MapAdapter) -> None:
    listed = set(re.findall(r"^\| `([A-Z]+ /[^`]*)` \|", TEXTS[Path("docs/api.md")], re.MULTILINE))
    served = {
        f"{method} {path}"
        for rule in routes.map.iter_rules()
        if (path := re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)).startswith("/v1")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served <= listed


def test_every_room_is_in_the_architecture() -> None:
    told = TEXTS[Path("docs/architecture.md")]
    rooms = {path.parent.name for top in ("entente", "api") for path in (ROOT / top).glob("*/**/__init__.py")}
    assert sorted(room for room in rooms if f"{room}/" not in told) == []


def test_nothing_tracked_names_a_package_host_or_a_place_of_one_machine() -> None:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    # Spelt apart, so that this file is not one of them.
    traces = re.compile(
        "|".join(
            (
                "pypi" + r"\.org",
                "pythonhosted" + r"\.org",
                "npmjs" + r"\.org",
                "/work" + "/main",
                "/root" + "/",
                r"\.\./sha" + r"red/(?!data|eval)",
            )
        )
    )
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if (
            path.is_file()
            and path.suffix not in (".bin", ".png")
            and traces.search(path.read_text(encoding="utf-8", errors="ignore"))
        ):
            found.append(name)
    assert found == []
