import json
from pathlib import PurePosixPath

import pytest

from bookpress import report
from bookpress.findings import Finding, Position, Severity
from bookpress.report import Style

HERE = PurePosixPath()
LINK = Finding(
    Position(PurePosixPath("manuscript/uv.md"), 12, 5), "L002", "no identifier `x`", "type `#y`"
)
PLAN = Finding(Position(PurePosixPath("book.yml"), 3, 1), "S006", "“uv” is planned and left out")


def write(
    style: Style, *findings: Finding, base: PurePosixPath = HERE, colour: bool = False
) -> str:
    return report.write(findings, style, base=base, version="1.2.3", colour=colour)


def test_text_gives_place_severity_code_message_and_hint() -> None:
    text = write(Style.TEXT, LINK)

    assert text == "manuscript/uv.md:12:5: error L002: no identifier `x`\n  hint: type `#y`\n"


def test_findings_come_in_the_order_of_their_places() -> None:
    text = write(Style.TEXT, LINK, PLAN)

    assert [line.partition(":")[0] for line in text.splitlines()[:2]] == [
        "book.yml",
        "manuscript/uv.md",
    ]


def test_paths_are_given_from_where_the_reader_stands() -> None:
    text = write(Style.TEXT, PLAN, base=PurePosixPath("../books/uv"))

    assert text.startswith("../books/uv/book.yml:3:1: ")


def test_colours_stand_round_severity_and_code_only() -> None:
    text = write(Style.TEXT, PLAN, colour=True)

    assert text == "book.yml:3:1: \x1b[1;36mnote S006\x1b[0m: “uv” is planned and left out\n"


def test_github_annotations_escape_what_the_runner_would_cut_at() -> None:
    awkward = Finding(Position(PurePosixPath("a,b:c.md"), 1, 2), "L002", "100 %\nof it", "do: this")

    line = write(Style.GITHUB, awkward)

    assert line == (
        "::error file=a%2Cb%3Ac.md,line=1,col=2,title=L002::100 %25%0Aof it%0Ahint: do: this\n"
    )


@pytest.mark.parametrize(("finding", "word"), [(LINK, "error"), (PLAN, "notice")])
def test_github_annotations_have_the_severity_of_the_rule(finding: Finding, word: str) -> None:
    line = write(Style.GITHUB, finding)

    assert line.startswith(f"::{word} ")


def test_json_holds_everything_and_counts() -> None:
    document = json.loads(write(Style.JSON, LINK, PLAN))

    assert document["counts"] == {"errors": 1, "warnings": 0, "notes": 1}
    assert document["bookpress"] == "1.2.3"
    assert document["findings"][1] == {
        "code": "L002",
        "severity": "error",
        "path": "manuscript/uv.md",
        "line": 12,
        "column": 5,
        "message": "no identifier `x`",
        "hint": "type `#y`",
    }


def test_sarif_results_point_to_their_rules_and_places() -> None:
    run = json.loads(write(Style.SARIF, LINK, PLAN))["runs"][0]

    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == ["S006", "L002"]
    assert [result["level"] for result in run["results"]] == ["note", "error"]
    place = run["results"][1]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "manuscript/uv.md"
    assert place["region"] == {"startLine": 12, "startColumn": 5}


def test_sarif_addresses_are_percent_encoded() -> None:
    spaced = Finding(Position(PurePosixPath("größe 1.md")), "L002", "x")

    run = json.loads(write(Style.SARIF, spaced))["runs"][0]

    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "gr%C3%B6%C3%9Fe%201.md"


def test_no_findings_are_an_empty_text_and_valid_documents() -> None:
    texts = {style: write(style) for style in Style}

    assert texts[Style.TEXT] == texts[Style.GITHUB] == ""
    assert json.loads(texts[Style.JSON])["findings"] == []
    assert json.loads(texts[Style.SARIF])["runs"][0]["results"] == []


def test_a_code_without_a_rule_is_an_error() -> None:
    unknown = Finding(Position(HERE), "outline", "mistake")

    assert report.worst([PLAN, unknown]) is Severity.ERROR


def test_the_worst_of_nothing_is_nothing() -> None:
    assert report.worst([]) is None


@pytest.mark.parametrize(
    ("findings", "text"),
    [
        ([], "no findings"),
        ([PLAN], "1 note"),
        ([PLAN, LINK, LINK], "2 errors, 1 note"),
    ],
)
def test_the_summary_counts_the_worst_first(findings: list[Finding], text: str) -> None:
    assert report.summary(findings) == text
