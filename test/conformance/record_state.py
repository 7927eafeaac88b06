"""Writes test/fixtures/recorded/state.json from real dbt 1.12: python record_state.py VENVS.

For each accepted case of cases.json with `base` and `edits`: the state is the base as it was, the project is the case.
{case: {selector: [lines of dbt ls] | {"error": text}}}; a selector whose answer equals that of the unedited project is
left out, and those stand under the base's name.
"""
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / 'fixtures'
SELECTORS = ['state:modified', 'state:modified.body', 'state:modified.configs', 'state:modified.relation', 'state:modified.macros',
             'state:modified.contract', 'state:modified.persisted_descriptions', 'state:new', 'state:old', 'state:modified+', '@state:modified']

cases = json.loads((HERE / 'cases.json').read_text())
refused = json.loads((FIXTURES / 'recorded' / 'parse' / 'errors.json').read_text())
jobs = [{**case, 'id': case['name'], 'project': str(FIXTURES / 'projects' / case['project']), 'before': [],
         'selections': [['-s', selector, '--indirect-selection', 'empty'] for selector in SELECTORS]}
        for case in cases if not case.get('adapters') and case['name'] not in refused
        and ('edits' in case or not case.get('base') and any(other.get('base') == case['name'] for other in cases))]
answers = {}
for start in range(0, len(jobs), 60):
    done = subprocess.run([f'{sys.argv[1]}/dbt-1.12/bin/python', HERE / 'dbt_ls.py'], text=True, capture_output=True, check=False,
                          env={**os.environ, 'PYTHONDONTWRITEBYTECODE': '1'}, input='\n'.join(json.dumps(job) for job in jobs[start:start + 60]))
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    for line in done.stdout.splitlines():
        answer = json.loads(line)
        if answer['exit']:
            print(answer['id'], answer['error'], file=sys.stderr)
            continue
        answers[answer['id']] = {selector: sorted(result['lines']) if result['exit'] == 0 else {'error': result['error']}
                                 for selector, result in zip(SELECTORS, answer['results'])}
bases = {case['name']: case.get('base') for case in cases}
kept = {name: rows if not bases[name] else {selector: rows[selector] for selector in rows if rows[selector] != answers.get(bases[name], {}).get(selector)}
        for name, rows in sorted(answers.items())}
text = '{\n' + ',\n'.join(f'{json.dumps(name)}: {json.dumps(rows, ensure_ascii=False)}' for name, rows in kept.items()) + '\n}\n'
(FIXTURES / 'recorded' / 'state.json').write_text(text)
print(len(kept), 'projects,', sum(map(len, kept.values())), 'rows')
