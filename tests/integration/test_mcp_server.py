"""An agent's questions to `entente mcp`, asked with the SDK's own client over stdio and over HTTP."""

import json
import os
import re
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
import requests
from click.testing import CliRunner
from mcp import Client, StdioServerParameters

from entente.cli.main import main
from tests.integration.conftest import CodedStack
from tests.running_stack import ENTENTE, environment

TOOLS = {"how_do_they_stand", "since_when_and_who_says_so", "who", "what_changed", "code_this_text"}


def setting(stack: CodedStack, key: str) -> dict[str, str]:
    """The environment of a server that finds the stack by its data directory."""
    return environment(stack.data_dir, ENTENTE_API_KEY=key)


@contextmanager
def over_http(env: dict[str, str]) -> Iterator[str]:
    """The address of `entente mcp --http` in a process of its own."""
    process = subprocess.Popen([ENTENTE, "mcp", "--http", "--port", "0"], env=env, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    try:
        yield re.findall(r"http\S+/mcp", process.stderr.readline())[0]
    finally:
        process.terminate()
        process.wait(60)
        process.stderr.close()


@pytest.fixture(scope="module")
def http_url(coded_stack: CodedStack, reading_key: str) -> Iterator[str]:
    with over_http(setting(coded_stack, reading_key)) as url:
        yield url


@pytest.fixture(params=["stdio", "http"])
def server(request: pytest.FixtureRequest, coded_stack: CodedStack, reading_key: str) -> StdioServerParameters | str:
    """What the SDK's client connects to, with a key that may only read."""
    if request.param == "http":
        return str(request.getfixturevalue("http_url"))
    return as_documented(coded_stack, reading_key)


def as_documented(stack: CodedStack, key: str) -> StdioServerParameters:
    """The server that the document's configuration starts, with this stack's address and key."""
    document = (Path(__file__).parents[2] / "docs" / "agents.md").read_text(encoding="utf-8")
    [block] = re.findall(r"```json\n(.*?)```", document, re.DOTALL)
    written = json.loads(block)["mcpServers"]["entente"]
    assert Path(written["command"]).name == "entente"
    assert list(written["env"]) == ["ENTENTE_API_KEY"]
    arguments = [argument.replace("http://127.0.0.1:8080", stack.url) for argument in written["args"]]
    env = environment(stack.data_dir / "elsewhere", ENTENTE_API_KEY=key)
    return StdioServerParameters(command=str(ENTENTE), args=arguments, env=env)


def ask(server: StdioServerParameters | str, *questions: tuple[str, dict[str, Any]]) -> list[Any]:
    """The results of calls of tools, in one connection."""

    async def asking() -> list[Any]:
        async with connected(server) as client:
            return [await client.call_tool(name, arguments) for name, arguments in questions]

    return anyio.run(asking)


@asynccontextmanager
async def connected(server: StdioServerParameters | str) -> AsyncIterator[Client]:
    async with Client(server) as client:
        yield client


def answer(result: Any) -> dict[str, Any]:
    """A tool's answer, which is the same as JSON text."""
    assert not result.is_error, result.content
    assert json.loads(result.content[0].text) == result.structured_content
    return dict(result.structured_content)


def test_an_agents_five_questions_are_answered_with_quotes_and_links(
    server: StdioServerParameters | str, coded_stack: CodedStack
) -> None:
    stand, since, who, changed, coded = (
        answer(result)
        for result in ask(
            server,
            ("how_do_they_stand", {"a": "Kenya", "b": "Republic of Kosovo", "as_of": "2024-07-01"}),
            ("since_when_and_who_says_so", {"source": "ke", "target": "XKX", "facet": "recognition"}),
            ("who", {"relation": "sanctions", "country": "Belarus"}),
            ("what_changed", {"country": "Kosovo", "since": "2024-12-31", "partner": "Kenya"}),
            ("code_this_text", {"text": "Ghana recognised Kosovo on Tuesday.", "published_at": "2025-07-03"}),
        )
    )
    forth, back = stand["directions"]
    assert (stand["as_of"], forth["source"], forth["target"]) == ("2024-07-01", "Kenya (KEN)", "Kosovo (XKX)")
    assert {value["facet"]: value["value"] for value in forth["values"]}["recognition"] == "recognised"
    assert "recognition" in back["unknown"]

    [value] = since["values"]
    assert (value["value"], value["since"], value["said_by"]) == ("withdrawn", "2025-07-03", ["sample herald"])
    assert [(period["value"], period["until"]) for period in since["periods"]] == [
        ("recognised", "2025-07-03"),
        ("withdrawn", None),
    ]

    assert who["complete"]
    items = {partner["country"]: partner["values"][0]["item"] for partner in who["partners"]}
    assert items == {"United States (USA)": "asset_freeze", "Canada (CAN)": "arms"}

    moved = {direction["source"]: direction["changes"] for direction in changed["directions"]}
    [change] = moved["Kenya (KEN)"]
    assert (change["facet"], change["before"], change["after"]) == ("recognition", "recognised", "withdrawn")

    assert coded["reported"][0]["quote"] == "Ghana recognised Kosovo on Tuesday."
    assert coded["would_change"][0]["after"] == "recognised"

    for told in (stand, since, who, changed):
        quotes = list(quotes_in(told))
        assert quotes
        for quote in quotes:
            assert quote["text"]
            assert quote["publisher"]
            assert quote["event"].startswith(f"{coded_stack.url}/v1/events/")


def quotes_in(told: Any) -> Iterator[dict[str, str]]:
    """Every quote anywhere in an answer."""
    if isinstance(told, dict):
        yield from told.get("quotes", [])
        for member in told.values():
            yield from quotes_in(member)
    elif isinstance(told, list):
        for member in told:
            yield from quotes_in(member)


def test_the_links_of_an_answer_lead_to_what_they_name(
    coded_stack: CodedStack, reading_key: str, http_url: str
) -> None:
    results = ask(
        http_url,
        ("how_do_they_stand", {"a": "Kenya", "b": "Kosovo"}),
        ("since_when_and_who_says_so", {"source": "Kenya", "target": "Kosovo", "facet": "recognition"}),
        ("who", {"relation": "is allied with", "country": "Armenia"}),
        ("what_changed", {"country": "Kenya", "since": "2024-01-01", "partner": "Kosovo"}),
        ("code_this_text", {"text": "Ghana recognised Kosovo on Tuesday."}),
    )
    links = {link for result in results for link in re.findall(r'"(http[^"]+)"', json.dumps(answer(result)))}
    assert len(links) > 10
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {reading_key}"
        refused = [link for link in links if session.get(link, timeout=60).status_code != 200]
    assert refused == []


def test_the_clocks_bound_an_answer(http_url: str) -> None:
    then, unrecorded, nobody, unsaid, said, before, quiet, changed = ask(
        http_url,
        ("who", {"relation": "recognises", "country": "Kosovo", "as_of": "2024-07-01"}),
        ("how_do_they_stand", {"a": "Kenya", "b": "Kosovo", "known_at": "2020-01-01"}),
        ("who", {"relation": "recognises", "country": "Kosovo"}),
        ("how_do_they_stand", {"a": "Kenya", "b": "Kosovo", "as_of": "2024-06-11", "published_by": "2024-06-12"}),
        ("how_do_they_stand", {"a": "Kenya", "b": "Kosovo", "as_of": "2024-06-11", "published_by": "2024-06-13"}),
        ("who", {"relation": "recognises", "country": "Kosovo", "as_of": "2024-07-01", "published_by": "2024-06-12"}),
        (
            "what_changed",
            {"country": "Kenya", "partner": "Kosovo", "since": "2024-01-01", "published_by": "2024-06-12"},
        ),
        (
            "since_when_and_who_says_so",
            {"source": "Kenya", "target": "Kosovo", "facet": "recognition", "published_by": "2024-07-01"},
        ),
    )
    assert answer(unsaid)["directions"][0]["values"] == []
    assert answer(unsaid)["published_by"] == "2024-06-12"
    assert answer(said)["directions"][0]["values"][0]["value"] == "recognised"
    assert answer(before)["partners"] == []
    assert answer(quiet)["directions"][0]["changes"] == []
    assert [value["value"] for value in answer(changed)["values"]] == ["recognised"]
    assert answer(changed)["link"].endswith("&published_by=2024-07-01")
    assert [partner["country"] for partner in answer(then)["partners"]] == ["Kenya (KEN)"]
    assert answer(unrecorded)["directions"][0]["values"] == []
    assert answer(nobody)["partners"] == []


def test_both_sides_can_be_asked_for_and_a_list_that_is_cut_says_so(http_url: str) -> None:
    by, free, cut = ask(
        http_url,
        ("who", {"relation": "sanctions", "country": "USA", "side": "by"}),
        ("who", {"relation": "mission", "country": "Kosovo"}),
        ("who", {"relation": "sanctions", "country": "Belarus", "limit": 1}),
    )
    assert [partner["country"] for partner in answer(by)["partners"]] == ["Belarus (BLR)"]
    assert [partner["values"][0]["value"] for partner in answer(free)["partners"]] == ["embassy"]
    assert len(answer(cut)["partners"]) == 1
    assert not answer(cut)["complete"]


def test_what_changed_with_all_others_begins_with_the_latest(http_url: str) -> None:
    [result] = ask(http_url, ("what_changed", {"country": "Kenya", "since": "2024-01-01", "until": "2025-12-31"}))
    told = answer(result)
    assert told["until"] == "2025-12-31"
    assert [direction["source"] for direction in told["directions"]] == ["Kenya (KEN)"]
    assert {change["facet"] for change in told["directions"][0]["changes"]} == {"recognition", "mission"}


def test_a_mistake_is_answered_with_its_remedy(http_url: str) -> None:
    results = ask(
        http_url,
        ("how_do_they_stand", {"a": "Keniya", "b": "Kosovo"}),
        ("who", {"relation": "recogniton", "country": "Kosovo"}),
        ("how_do_they_stand", {"a": "Kenya", "b": "Kosovo", "as_of": "2999-01-01"}),
        ("what_changed", {"country": "Kenya", "since": "last year"}),
    )
    assert all(result.is_error for result in results)
    nearest, facets, future, pattern = (result.content[0].text for result in results)
    assert "nearest: KEN (Kenya)" in nearest
    assert "known: recognition, relations" in facets
    assert "`who` also takes: recognises; sanctions" in facets
    assert "lies in the future: today is" in future
    assert "since" in pattern


def test_an_argument_that_is_missing_or_wrong_is_named_with_what_it_is(http_url: str) -> None:
    missing, both, pattern = (
        result.content[0].text
        for result in ask(
            http_url,
            ("how_do_they_stand", {"a": "Kenya"}),
            ("who", {}),
            ("what_changed", {"country": "Kenya", "since": "last year"}),
        )
    )
    assert missing.startswith("how_do_they_stand needs the argument `b`: A country or organisation")
    assert "needs the argument `relation`" in both
    assert "needs the argument `country`" in both
    assert "the argument `since` of what_changed can't be 'last year'" in pattern
    assert "YYYY-MM-DD" in pattern
    for told in (missing, both, pattern):
        assert "pydantic" not in told
        assert "\n" not in told


def test_without_a_key_the_error_says_where_to_give_one(coded_stack: CodedStack) -> None:
    keyless = StdioServerParameters(command=str(ENTENTE), args=["mcp"], env=environment(coded_stack.data_dir))
    [result] = ask(keyless, ("how_do_they_stand", {"a": "Kenya", "b": "Kosovo"}))
    assert result.is_error
    assert "ENTENTE_API_KEY, a key with the scope `read`" in result.content[0].text


def test_where_no_entente_runs_the_error_names_the_address(tmp_path) -> None:
    away = StdioServerParameters(
        command=str(ENTENTE), args=["mcp", "--url", "http://127.0.0.1:9"], env=environment(tmp_path)
    )
    [result] = ask(away, ("how_do_they_stand", {"a": "Kenya", "b": "Kosovo"}))
    assert result.is_error
    assert "no answer from http://127.0.0.1:9/" in result.content[0].text


def test_every_tool_says_that_it_only_reads_and_what_it_answers(http_url: str) -> None:
    async def listed() -> Any:
        async with Client(http_url) as client:
            return (await client.list_tools()).tools, client.instructions

    tools, instructions = anyio.run(listed)
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations.read_only_hint and tool.output_schema and tool.description for tool in tools)
    assert "Quotes are text from outside" in instructions


def test_a_page_of_another_site_cannot_ask_through_the_browser(http_url: str) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    accepts = {"Accept": "application/json, text/event-stream"}
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
        assert requests.post(http_url, json=body, headers=accepts | headers, timeout=60).status_code in (403, 421)


def test_without_the_extra_the_command_says_what_to_install(tmp_path, monkeypatch) -> None:
    hidden = tmp_path / "mcp"
    hidden.mkdir()
    (hidden / "__init__.py").write_text("raise ModuleNotFoundError(\"No module named 'mcp'\", name='mcp')")
    env = environment(tmp_path) | {"PYTHONPATH": f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}"}
    done = subprocess.run([ENTENTE, "mcp"], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.strip() == "Error: the MCP server needs the package mcp: pip install 'mcp>=2.3'"


def test_a_port_that_is_taken_is_named(tmp_path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [ENTENTE, "mcp", "--http", "--port", port]
        done = subprocess.run(
            command, env=environment(tmp_path), capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 1
    assert done.stderr == f"Error: can't listen on port {port}: Address already in use; choose another by --port\n"


def test_the_help_names_the_settings() -> None:
    told = CliRunner().invoke(main, ["mcp", "--help"]).output
    assert "ENTENTE_API_URL" in told
    assert "ENTENTE_API_KEY" in told
