"""The command line beside a running demo, as an operator and a curious newcomer use it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.process import demo_process

FERMATA = str(Path(sys.executable).with_name("fermata"))
ROOT = Path(__file__).parents[2]


def fermata(
    *arguments: str, data: Path | None = None, text: str = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [FERMATA, *arguments],
        input=text,
        env={**os.environ, **({"FERMATA_DATA_DIR": str(data)} if data else {}), **environ},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_commands_of_a_second_process_work_on_the_data_of_the_running_demo(tmp_path):
    data = tmp_path / "var"
    async with demo_process(data) as demo:

        async def run(*arguments: str, **more: str):
            return await asyncio.to_thread(fermata, *arguments, data=data, **more)

        assert (await run("tenants", "list")).stdout.split() == ["salon-fermata"]
        pushed = await run("calcom", "push", "--dry-run", "--json")
        report = json.loads(pushed.stdout)
        assert (report["created"], report["updated"]) == ([], [])
        assert len(report["unchanged"]) > 20

        exported = yaml.safe_load((await run("tenants", "export")).stdout)
        assert exported["services"][0]["id"] == "mens-cut"
        exported["services"][0]["segments"][0]["work"] = 35
        file = tmp_path / "changed.yaml"
        file.write_text(yaml.safe_dump(exported, allow_unicode=True), encoding="utf-8")
        assert (await run("tenants", "import", str(file))).stdout.strip() == "salon-fermata"
        report = json.loads((await run("calcom", "push", "--json")).stdout)
        assert sorted(report["updated"]) == ["mens-cut.1@anna", "mens-cut.1@ben", "mens-cut.1@clara"]
        answer = await demo.say("c-commands-1", "Wie lange dauert ein Herrenhaarschnitt?")
        assert "35 Minuten" in " ".join(reply["text"] for reply in answer["replies"])

        mails = await run("mails", "--json")
        assert (mails.returncode, json.loads(mails.stdout)) == (0, {"waiting": 0, "dead": []})

        talk = await run(
            "chat", "--url", str(demo.http.base_url), text="Herrenhaarschnitt am Donnerstagnachmittag\n2\n/quit\n"
        )
        assert "KI-Assistent" in talk.stdout
        assert "  2  " in talk.stdout
        assert "Auf welchen Namen" in talk.stdout


def test_a_bad_description_names_its_field(tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text("tenant: x\nlanguages: [de]\nzone: Europe/Nowhere\n", encoding="utf-8")
    done = fermata("tenants", "import", str(file), data=tmp_path / "var")
    assert done.returncode == 1
    assert "Europe/Nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_when_explains_and_answers_lines():
    told = fermata(
        "when", "Montag in einer Woche um Viertel nach zehn", "--lang", "de", "--now", "2026-06-11T09:00"
    )
    assert told.returncode == 0
    assert "2026-06-22 10:15" in told.stdout
    lines = [
        {"id": "a", "lang": "de", "now": "2026-06-11T09:00", "text": "morgen um drei"},
        {"id": "b", "lang": "en", "now": "2026-06-11T09:00", "text": "how much is it?"},
    ]
    done = fermata("when", "--jsonl", text="".join(json.dumps(line) + "\n" for line in lines))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", "b"]
    assert answers[0]["start"].startswith("2026-06-12T15:00")
    assert answers[1]["kind"] == "none"
    assert fermata("when", "morgen", "--now", "soon").returncode == 2


@pytest.mark.parametrize("arguments", [("--help",), ("when", "--help"), ("chat", "--help"), ("calcom", "--help")])
def test_help_needs_no_setting(arguments):
    done = fermata(*arguments, PORT="99999")
    assert done.returncode == 0
    assert "Usage" in done.stdout


def test_settings_print_no_secret():
    done = fermata("settings", CALCOM_API_KEY="cal_0123456789abcdef0123456789abcdef")
    assert done.returncode == 0
    assert "0123456789abcdef" not in done.stdout
    assert "***" in done.stdout
