"""`dbt ls`: jobs as for dbt_parse.py with `selections`: a list of lists of arguments (["-s", "tag:x"]); with `before`
(a list of edits, and `before_target`) the state is dbt's manifest of the project as it was: --state is added.
Answers {id, exit, error, results: [{arguments, exit, error, lines}]}.
"""
import atexit
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from real_dbt import DBT_2, copied, flags_of, invoke, serve


def run(job: dict[str, Any], place: Path) -> dict[str, Any]:
    state: list[str] = []
    if 'before' in job:
        old = {**job, 'edits': job['before'], 'target': job.get('before_target', job.get('target'))}
        made = make_state(old, place)
        if isinstance(made, dict):
            return made
        state = ['--state', made]
    root = copied(job, place)
    parsed = None if DBT_2 else invoke(['parse', *flags_of(job, root), '--target-path', str(place / 'out')], root, job.get('env'))
    if parsed and parsed.exit:
        return {'exit': parsed.exit, 'error': parsed.error}
    results = []
    for selection in job['selections']:
        answer = invoke(['ls', *flags_of(job, root), '--target-path', str(place / 'out'), *state, *selection], root, job.get('env'),
                        parsed.result if parsed else None)
        lines = answer.output.splitlines() if DBT_2 else (answer.result or [])
        results.append({'arguments': selection, 'exit': answer.exit, 'error': answer.error, 'lines': list(lines)})
    return {'exit': 0, 'error': None, 'results': results}


states: dict[str, str] = {}


def make_state(job: dict[str, Any], place: Path) -> Any:
    """The directory with manifest.json of the project as `job` has it, or an answer when dbt refuses that one. Made once
    for each such project in the life of this process."""
    key = json.dumps([job['project'], job['edits'], job.get('target'), job.get('vars'), job.get('env')])
    if key in states:
        return states[key]
    before = place / 'before'
    root = copied(job, before)
    answer = invoke(['parse', *flags_of(job, root), '--target-path', str(before / 'out')], root, job.get('env'))
    if answer.exit:
        return {'exit': answer.exit, 'error': f'state: {answer.error}'}
    state = tempfile.mkdtemp(prefix='dbt-state-')
    atexit.register(shutil.rmtree, state, True)
    shutil.copy(before / 'out' / 'manifest.json', state)
    states[key] = state
    return state


if __name__ == '__main__':
    serve(run)
