"""Writes test/fixtures/recorded/parse from real dbt: python record_parse.py VENVS [NAME…].

One file for each case of cases.json without `base`: real_dbt.reduced of its manifest with dbt 1.12. A case with `base`,
and one answered by another dbt version, is kept as the difference: {"base", "nodes": {uid: …|null}, …}. What dbt refuses
is one entry of errors.json: {case: {version: text}}. What dbt 2 says differs from the case's `base` with dbt 2, if it has one. Run by hand after a change of cases.json; the files are committed.
"""
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from real_dbt import dump

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / 'fixtures'
RECORDED = FIXTURES / 'recorded' / 'parse'


def main() -> None:
    venvs, wanted = Path(sys.argv[1]), set(sys.argv[2:])
    cases = json.loads((HERE / 'cases.json').read_text())
    chosen = [case for case in cases if not wanted or case['name'] in wanted]
    RECORDED.mkdir(parents=True, exist_ok=True)
    errors_file = RECORDED / 'errors.json'
    errors = json.loads(errors_file.read_text()) if errors_file.exists() else {}
    answers: dict[tuple[str, str], dict[str, Any]] = {}
    for version in ('1.12', '1.11', '1.10', '1.8', '1.7', '2'):
        for adapters in (False, True):
            if version == '2' and adapters:
                continue  # one binary holds them all
            jobs = [case for case in chosen if version in case.get('dbt', ['1.12']) and (version == '2' or bool(case.get('adapters')) is adapters)]
            bases = {case.get('base') for case in jobs}
            jobs += [case for case in cases if case['name'] in bases and case not in jobs and version in ('1.12', '2')
                     and bool(case.get('adapters')) is adapters]
            for name, answer in ask(venvs / f'dbt-{version}{"-adapters" if adapters else ""}', jobs).items():
                answers[name, version] = answer
    for case in chosen:
        name = case['name']
        errors.pop(name, None)
        for version in case.get('dbt', ['1.12']):
            answer = answers[name, version]
            file = RECORDED / (f'{name}.json' if version == '1.12' else f'{name}@{version}.json')
            file.unlink(missing_ok=True)
            if answer['exit']:
                errors.setdefault(name, {})[version] = answer['error']
                continue
            if version == '2':
                base = answers.get((case.get('base', ''), version), {})
                file.write_text(dump({'base': f"{case['base']}@2", **difference(base['manifest'], answer['manifest'])} if 'manifest' in base else answer['manifest']))
                continue
            base = answers.get((case['base'], '1.12') if version == '1.12' and 'base' in case else (name, '1.12'))
            if version == '1.12' and 'base' not in case or base is None or 'manifest' not in base:
                file.write_text(dump(answer['manifest']))
            else:
                label = case['base'] if version == '1.12' else name
                file.write_text(dump({'base': label, **difference(base['manifest'], answer['manifest'])}))
    errors_file.write_text(json.dumps(dict(sorted(errors.items())), indent=0, ensure_ascii=False) + '\n')
    print(f'{len(chosen)} cases, {sum(1 for a in answers.values() if a["exit"] == 0)} manifests, '
          f'{sum(1 for a in answers.values() if a["exit"])} refusals')


def ask(venv: Path, cases: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    if not cases:
        return {}
    jobs = [{**case, 'id': case['name'], 'project': str(FIXTURES / 'projects' / case['project'])} for case in cases]
    # A process keeps some of dbt's state; a fresh one for each batch bounds what one job can do to the next.
    answers: dict[str, dict[str, Any]] = {}
    for start in range(0, len(jobs), 40):
        second = {'DBT_2': str(venv / 'bin' / 'dbt')} if venv.name == 'dbt-2' else {}
        python = venv.with_name('dbt-1.12') if second else venv
        done = subprocess.run([python / 'bin' / 'python', HERE / 'dbt_parse.py'], text=True, capture_output=True, check=False,
                              env={**os.environ, 'PYTHONDONTWRITEBYTECODE': '1', **second},
                              input='\n'.join(json.dumps(job) for job in jobs[start:start + 40]))
        if done.returncode:
            raise SystemExit(done.stderr[-4000:])
        for line in done.stdout.splitlines():
            answer = json.loads(line)
            answers[answer['id']] = answer
    return answers


def difference(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for table in new:
        if new[table] == old.get(table):
            continue
        if table == 'metadata':
            result[table] = new[table]
            continue
        before = old.get(table, {})
        result[table] = {uid: node for uid, node in new[table].items() if before.get(uid) != node}
        result[table] |= {uid: None for uid in before if uid not in new[table]}
    return result


if __name__ == '__main__':
    main()
