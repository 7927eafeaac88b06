"""`dbt parse`, offline: jobs {id, project, target?, vars?, env?, edits?, profiles?, args?, keep?} on stdin, answers
{id, exit, error, manifest} on stdout, the manifest reduced as real_dbt.reduced says. `--full` keeps it whole; `--despite`
takes the one that dbt 2 writes in spite of its errors; a job's
`keep` is a directory to put manifest.json into, to serve as a state.
"""
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from real_dbt import copied, flags_of, invoke, reduced, serve


def run(job: dict[str, Any], place: Path) -> dict[str, Any]:
    root = copied(job, place)
    target = place / 'out'
    answer = invoke(['parse', *flags_of(job, root), '--target-path', str(target), *job.get('args', [])], root, job.get('env'))
    if answer.exit and not ('--despite' in sys.argv and (target / 'manifest.json').exists()):
        return {'exit': answer.exit, 'error': answer.error}
    if job.get('keep'):
        Path(job['keep']).mkdir(parents=True)
        shutil.copy(target / 'manifest.json', job['keep'])
    manifest = json.loads((target / 'manifest.json').read_text())
    return {'exit': 0, 'error': None, 'manifest': manifest if '--full' in sys.argv else reduced(manifest)}


if __name__ == '__main__':
    serve(run)
